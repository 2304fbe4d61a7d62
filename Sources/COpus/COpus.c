// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0
#include "COpus.h"

#include <opus.h>

int32_t copus_set_bitrate(copus_encoder *encoder, int32_t bits_per_second) {
    return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bits_per_second));
}

int32_t copus_set_complexity(copus_encoder *encoder, int32_t complexity) {
    return opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity));
}

int32_t copus_set_inband_fec(copus_encoder *encoder, int32_t enabled) {
    return opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(enabled));
}

int32_t copus_set_packet_loss(copus_encoder *encoder, int32_t percent) {
    return opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(percent));
}

int32_t copus_set_dtx(copus_encoder *encoder, int32_t enabled) {
    return opus_encoder_ctl(encoder, OPUS_SET_DTX(enabled));
}

int32_t copus_reset_encoder(copus_encoder *encoder) {
    return opus_encoder_ctl(encoder, OPUS_RESET_STATE);
}

int32_t copus_reset_decoder(copus_decoder *decoder) {
    return opus_decoder_ctl(decoder, OPUS_RESET_STATE);
}
