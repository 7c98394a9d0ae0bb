import fc from "fast-check";

// fast-check takes its seed from the clock unless told otherwise: a test run must be the same every time
fc.configureGlobal({ seed: 2406_17167 });

// commands that tests run say nothing in the job that runs the tests
delete process.env.GITHUB_STEP_SUMMARY;
delete process.env.GITHUB_ACTIONS;
