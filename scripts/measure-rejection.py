#!/usr/bin/env python3
# This source file is part of the voice-pipeline project.
# SPDX-License-Identifier: Apache-2.0
"""Measures how well speech outside a grammar is told from speech inside it.

Speaks the sentences of scripts/rejection with many synthetic voices, adds noise and a telephone band, decodes all of it
and Debian's recorded speech as PocketsphinxDecoder does, and prints for each threshold how many right sentences it
rejects (miss), how many other sentences it accepts (false accept), and how many misheard ones it lets through.

Needs: flite, espeak-ng, sox, cc, libpocketsphinx-dev, pocketsphinx-en-us; takes some minutes. Usage:
    scripts/measure-rejection.py [--work DIRECTORY] [--quick]
"""
import argparse, array, ctypes, pathlib, random, subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = "/usr/share/pocketsphinx/model/en-us/"
RECORDED = pathlib.Path("/usr/share/pocketsphinx/test/data")
VOICES = ["flite:kal16", "flite:awb", "flite:rms", "flite:slt", "espeak:en-us", "espeak:en-us+f2", "espeak:en-us+m3",
          "espeak:en-gb+m1", "espeak:en-gb-x-rp+f3", "espeak:en-us+klatt"]
CARDS = """#JSGF V1.0; grammar cards; public <c> = <k> [<k> [<k>]] | <r> <k> | <r> <r>; <k> = <r> [of] <s>;
<s> = clubs | hearts | diamonds | spades;
<r> = ace | two | three | four | five | six | seven | eight | nine | ten | jack | queen | king;"""
CARD_TEXTS = ["ten of clubs", "four queen of clubs", "seven of clubs", "five five",
              "eight of spades four of clubs seven of hearts"]
COURTESY = set("um uh hello hi well okay yes so please thanks thank you".split())
# What a caller hears on a narrow line: 300...3400 Hz, sampled at 8 kHz.
CONDITIONS = {"clean": [], "noise 20 dB": [], "telephone": ["sinc", "300-3400", "rate", "8000", "rate", "16000"]}


class Word(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char_p), ("first", ctypes.c_int32), ("last", ctypes.c_int32),
                ("score", ctypes.c_int32)]


class Decoder:
    """The same library, shim and arguments as PocketsphinxDecoder."""

    def __init__(self, library, grammar):
        self.library = library
        arguments = [b"measure", b"-hmm", (MODEL + "en-us").encode(), b"-dict", (MODEL + "cmudict-en-us.dict").encode(),
                     b"-logfn", b"/dev/null", b"-remove_silence", b"no", b"-compallsen", b"yes",
                     b"-beam", b"1e-60", b"-wbeam", b"1e-40", b"-pbeam", b"1e-60"]
        self.arguments = (ctypes.c_char_p * len(arguments))(*arguments)
        library.cpocketsphinx_open.restype = ctypes.c_void_p
        self.decoder = ctypes.c_void_p(library.cpocketsphinx_open(self.arguments, len(arguments)))
        if library.cpocketsphinx_set_grammar(self.decoder, grammar.encode()) < 0:
            raise SystemExit("the grammar is refused")
        self.unit = ctypes.c_double.in_dll(library, "cpocketsphinx_score_unit").value

    def hear(self, samples):
        """Answers the text, the score of all frames per frame of a word, and the score of its worst word, in nats."""
        self.library.cpocketsphinx_reset_channel(self.decoder)
        # The first pass only teaches the channel, as in PocketsphinxDecoder.
        for _ in range(2):
            self.library.cpocketsphinx_start(self.decoder)
            for start in range(0, len(samples), 320):
                piece = samples[start:start + 320]
                self.library.cpocketsphinx_process(self.decoder, (ctypes.c_int16 * len(piece))(*piece), len(piece))
            self.library.cpocketsphinx_end(self.decoder)
        words = (Word * 200)()
        count = self.library.cpocketsphinx_words(self.decoder, words, 200)
        spoken = [(w.text.decode().split("(")[0], w.score * self.unit, w.last - w.first + 1) for w in words[:count]
                  if w.text and w.text[:1] not in b"<[+("]
        if not spoken:
            return "", -99.0, -99.0
        frames = sum(length for _, _, length in spoken)
        return (" ".join(text for text, _, _ in spoken), sum(w.score for w in words[:count]) * self.unit / frames,
                min(score / length for _, score, length in spoken))


def read(path, effects=()):
    """The samples of a recording at 16 kHz, after effects."""
    form = ["-t", "raw", "-r", "16000", "-e", "signed", "-b", "16", "-c", "1"] if path.suffix == ".raw" else []
    command = ["sox", "-D", *form, str(path), "-t", "raw", "-r", "16000", "-e", "signed", "-b", "16", "-c", "1", "-", *effects]
    return array.array("h", subprocess.run(command, capture_output=True, check=True).stdout)


def speak(work, name, voice, text):
    """A recording of a text: made once, at -6 dBFS, with a little silence around."""
    engine, voice = voice.split(":")
    path = work / f"{name}-{engine}-{voice}.wav"
    if not path.exists():
        raw = work / "raw.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", raw] if engine == "flite" else \
            ["espeak-ng", "-v", voice, "-s", "150", "-w", raw, text]
        subprocess.run(command, check=True)
        subprocess.run(["sox", "-D", raw, "-r", "16000", "-b", "16", "-c", "1", path, "norm", "-6", "pad", "0.25", "0.35"],
                       check=True)
    return path


def noisy(samples, generator):
    """Adds white noise 20 dB below the mean level."""
    level = (sum(s * s for s in samples) / len(samples)) ** 0.5 / 10
    return array.array("h", (max(-32768, min(32767, round(s + generator.gauss(0, level)))) for s in samples))


def meaning(text):
    """The text without words of courtesy, unless it has no others."""
    words = text.split()
    return [word for word in words if word not in COURTESY] or words


def report(name, cases):
    """Prints the table of one condition."""
    inside = [c for c in cases if c["inside"]]
    right = [c for c in inside if meaning(c["text"]) == meaning(c["said"])]
    wrong = [c for c in inside if meaning(c["text"]) != meaning(c["said"])]
    outside = [c for c in cases if not c["inside"]]
    print(f"\n{name}: {len(inside)} inside, {len(right)} heard right; {len(outside)} outside")
    print("  sentence  word   miss   false accept   misheard and accepted")
    for sentence in (-8.5, -9.0, -9.5, -10.0, -10.5):
        for word in (-9.5, -10.0, -10.5, -11.0):
            def accepted(group):
                taken = sum(c["sentence"] >= sentence and c["word"] >= word for c in group)
                return 100 * taken / max(1, len(group))
            share = accepted(wrong) * len(wrong) / max(1, len(inside))
            print(f"  {sentence:8.1f} {word:6.1f} {100 - accepted(right):5.1f} % {accepted(outside):9.1f} % {share:14.1f} %")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/rejection"))
    parser.add_argument("--quick", action="store_true", help="every third sentence only")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    shared = options.work / "shim.so"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "pocketsphinx"], capture_output=True, check=True, text=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-I", ROOT / "Sources/CPocketsphinx/include",
                    ROOT / "Sources/CPocketsphinx/CPocketsphinx.c", "-o", shared, *flags.stdout.split()], check=True)
    library = ctypes.CDLL(str(shared))
    desk = Decoder(library, (ROOT / "scripts/rejection/front_desk.jsgf").read_text())
    generator = random.Random(1)
    results = {name: [] for name in CONDITIONS}
    for kind in ("in_grammar", "out_of_grammar"):
        lines = (ROOT / f"scripts/rejection/{kind}.txt").read_text().splitlines()
        for index, line in list(enumerate(lines))[::3 if options.quick else 1]:
            for voice in VOICES:
                path = speak(options.work, f"{kind}-{index:02}", voice, line)
                for name, effects in CONDITIONS.items():
                    samples = read(path, effects)
                    text, sentence, word = desk.hear(noisy(samples, generator) if "noise" in name else samples)
                    results[name].append(dict(inside=kind == "in_grammar", said=line, text=text, sentence=sentence,
                                              word=word, voice=voice))
    human = []
    for path in sorted([*RECORDED.glob("librivox/*.wav"), *RECORDED.glob("*.raw"), *RECORDED.glob("cards/*.wav")]):
        text, sentence, word = desk.hear(read(path))
        human.append(dict(inside=False, said=path.name, text=text, sentence=sentence, word=word))
    cards = Decoder(library, CARDS)
    for index, said in enumerate(CARD_TEXTS):
        text, sentence, word = cards.hear(read(RECORDED / f"cards/00{index + 1}.wav"))
        human.append(dict(inside=True, said=said, text=text, sentence=sentence, word=word))
    results["recorded human speech"] = human
    for name, cases in results.items():
        report(name, cases)
    for case in human:
        print(f"  {case['said'][:40]:40} {case['text'][:40]:40} {case['sentence']:6.2f} {case['word']:6.2f}")


if __name__ == "__main__":
    main()
