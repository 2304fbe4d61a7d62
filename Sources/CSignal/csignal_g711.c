// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "csignal_dispatch.h"
#include "csignal_g711.h"
#include "csignal_support.h"

#include <string.h>

// Both laws are floating-point formats of 3 bits of exponent and 4 of mantissa. So a conversion to `float`
// finds the segment, without a table and without a branch, eight samples at a time.

/// Exponent and the four leading bits of the mantissa of `magnitude` (128...32767): 0x00 for 128, 0x7F for 32767.
CSIGNAL_BODY int32_t segment_and_step(int32_t magnitude) {
    const float value = (float)magnitude;
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits >> 19) - (134 << 4);  // 134 is the biased exponent of 128
}

/// `mantissa` times two to the power `exponent` (0...7).
CSIGNAL_BODY int32_t scaled(int32_t mantissa, int32_t exponent) {
    const int32_t bits = (exponent + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return (int32_t)((float)mantissa * power);
}

CSIGNAL_BODY void ulaw_decode(const uint8_t *restrict input, size_t count, int16_t *restrict output) {
    for (size_t i = 0; i < count; i++) {
        const int32_t code = ~input[i];
        // 132 is G.711's bias of 33 in 16 bits; 4 is half of the smallest step.
        const int32_t magnitude = scaled(((code & 0x0F) << 3) + 132, (code >> 4) & 7) - 132;
        output[i] = (int16_t)(input[i] & 0x80 ? magnitude : -magnitude);
    }
}

CSIGNAL_BODY void ulaw_encode(const int16_t *restrict input, size_t count, uint8_t *restrict output) {
    for (size_t i = 0; i < count; i++) {
        const int32_t sign = input[i] >> 15;
        int32_t magnitude = input[i] ^ sign;  // one's complement for negative samples, as in G.191
        magnitude = magnitude > 32635 ? 32635 : magnitude;
        const int32_t code = segment_and_step(magnitude + 132);
        output[i] = (uint8_t)(code ^ (sign ? 0x7F : 0xFF));
    }
}

CSIGNAL_BODY void alaw_decode(const uint8_t *restrict input, size_t count, int16_t *restrict output) {
    for (size_t i = 0; i < count; i++) {
        const int32_t code = input[i] ^ 0x55;
        const int32_t segment = (code >> 4) & 7;
        // The two lowest segments have the same step; the others have a leading one and double it each.
        const int32_t leading = segment ? 0x108 : 0x08;
        const int32_t magnitude = scaled(((code & 0x0F) << 4) + leading, segment ? segment - 1 : 0);
        output[i] = (int16_t)(code & 0x80 ? magnitude : -magnitude);
    }
}

CSIGNAL_BODY void alaw_encode(const int16_t *restrict input, size_t count, uint8_t *restrict output) {
    for (size_t i = 0; i < count; i++) {
        const int32_t sign = input[i] >> 15;
        const int32_t magnitude = input[i] ^ sign;  // one's complement for negative samples, as in G.191
        const int32_t code = magnitude < 256 ? magnitude >> 4 : segment_and_step(magnitude);
        output[i] = (uint8_t)(code ^ (sign ? 0x55 : 0xD5));
    }
}

CSIGNAL_AVX2 static void ulaw_decode_avx2(const uint8_t *input, size_t count, int16_t *output) {
    ulaw_decode(input, count, output);
}

CSIGNAL_AVX2 static void ulaw_encode_avx2(const int16_t *input, size_t count, uint8_t *output) {
    ulaw_encode(input, count, output);
}

CSIGNAL_AVX2 static void alaw_decode_avx2(const uint8_t *input, size_t count, int16_t *output) {
    alaw_decode(input, count, output);
}

CSIGNAL_AVX2 static void alaw_encode_avx2(const int16_t *input, size_t count, uint8_t *output) {
    alaw_encode(input, count, output);
}

void csignal_ulaw_decode(const uint8_t *input, size_t count, int16_t *output) {
    if (csignal_uses_avx2()) ulaw_decode_avx2(input, count, output);
    else ulaw_decode(input, count, output);
}

void csignal_ulaw_encode(const int16_t *input, size_t count, uint8_t *output) {
    if (csignal_uses_avx2()) ulaw_encode_avx2(input, count, output);
    else ulaw_encode(input, count, output);
}

void csignal_alaw_decode(const uint8_t *input, size_t count, int16_t *output) {
    if (csignal_uses_avx2()) alaw_decode_avx2(input, count, output);
    else alaw_decode(input, count, output);
}

void csignal_alaw_encode(const int16_t *input, size_t count, uint8_t *output) {
    if (csignal_uses_avx2()) alaw_encode_avx2(input, count, output);
    else alaw_encode(input, count, output);
}
