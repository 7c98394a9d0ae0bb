#!/bin/bash
# Shards as a Slurm array, one task a shard; afterwards one job merges what they trained, and judges it:
#
#   export SHARDS=8
#   jid=$(sbatch --parsable --array=0-7 examples/scale/slurm.sh)
#   sbatch --dependency=afterany:$jid --wrap 'npx theorycheck merge shards/* && npx theorycheck verify'
#
# A task that was killed is not started again by Slurm: merge names its shard, and --array=5 runs shard 5 again. A shard must
# last minutes, since Slurm starts about four tasks a second.
#SBATCH --job-name=theorycheck
#SBATCH --cpus-per-task=1
#SBATCH --output=shard-%a.log
set -eu
npx theorycheck shard --index "$SLURM_ARRAY_TASK_ID" --of "$SHARDS" \
  --models "${MODELS:-160}" --workers "${SLURM_CPUS_PER_TASK:-1}" --out "shards/$SLURM_ARRAY_TASK_ID" ${OPTIONS:-}
