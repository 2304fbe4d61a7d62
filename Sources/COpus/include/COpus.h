// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

// libopus configures its coders through variadic functions and macros, which Swift cannot import.
// Each function here is one of those settings; all answer OPUS_OK (0) or a negative error code.

typedef struct OpusEncoder copus_encoder;
typedef struct OpusDecoder copus_decoder;

/// Sets the target rate of the stream in bits per second.
int32_t copus_set_bitrate(copus_encoder *encoder, int32_t bits_per_second);

/// Sets the effort of the encoder, 0...10.
int32_t copus_set_complexity(copus_encoder *encoder, int32_t complexity);

/// Sets whether packets carry a coarse copy of the frame before (in-band forward error correction).
int32_t copus_set_inband_fec(copus_encoder *encoder, int32_t enabled);

/// Sets the loss, in per cent, that error correction provides for.
int32_t copus_set_packet_loss(copus_encoder *encoder, int32_t percent);

/// Sets whether silence is left out (discontinuous transmission).
int32_t copus_set_dtx(copus_encoder *encoder, int32_t enabled);

/// Forgets all that the encoder has heard; settings stay.
int32_t copus_reset_encoder(copus_encoder *encoder);

/// Forgets all that the decoder has played.
int32_t copus_reset_decoder(copus_decoder *decoder);
