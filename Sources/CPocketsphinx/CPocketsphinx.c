// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

#include "CPocketsphinx.h"

#include <pocketsphinx.h>
#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>
#include <stdlib.h>
#include <string.h>

struct cpocketsphinx_decoder {
    ps_decoder_t *decoder;
    /// The channel estimate as the model brings it: means, then sums.
    mfcc_t *channel;
    int32_t channel_frames;
};

// Scores are logarithms to the base 1.0001, shifted right by 10 bits (SENSCR_SHIFT): 1024 * ln 1.0001.
const double cpocketsphinx_score_unit = 0.10239488;

static cmn_t *channel_of(cpocketsphinx_decoder *decoder) { return ps_get_feat(decoder->decoder)->cmn_struct; }

cpocketsphinx_decoder *cpocketsphinx_open(const char *const *arguments, int32_t count) {
    err_set_logfp(NULL);
    cmd_ln_t *configuration = cmd_ln_parse_r(NULL, ps_args(), count, (char **)arguments, TRUE);
    if (configuration == NULL) return NULL;
    ps_decoder_t *sphinx = ps_init(configuration);
    cmd_ln_free_r(configuration);
    if (sphinx == NULL) return NULL;

    cpocketsphinx_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL) return ps_free(sphinx), NULL;
    decoder->decoder = sphinx;
    cmn_t *channel = channel_of(decoder);
    if (channel == NULL) return decoder;
    size_t size = (size_t)channel->veclen * sizeof(mfcc_t);
    decoder->channel = malloc(2 * size);
    if (decoder->channel == NULL) return cpocketsphinx_close(decoder), NULL;
    memcpy(decoder->channel, channel->cmn_mean, size);
    memcpy(decoder->channel + channel->veclen, channel->sum, size);
    decoder->channel_frames = channel->nframe;
    return decoder;
}

void cpocketsphinx_close(cpocketsphinx_decoder *decoder) {
    ps_free(decoder->decoder);
    free(decoder->channel);
    free(decoder);
}

int32_t cpocketsphinx_add_word(cpocketsphinx_decoder *decoder, const char *word, const char *phones) {
    return ps_add_word(decoder->decoder, word, phones, FALSE) < 0 ? -1 : 0;
}

int32_t cpocketsphinx_set_grammar(cpocketsphinx_decoder *decoder, const char *text) {
    if (ps_set_jsgf_string(decoder->decoder, "grammar", text) < 0) return -1;
    return ps_set_search(decoder->decoder, "grammar");
}

int32_t cpocketsphinx_start(cpocketsphinx_decoder *decoder) {
    // Without it the frame counter runs on from the utterance before.
    if (ps_start_stream(decoder->decoder) < 0) return -1;
    return ps_start_utt(decoder->decoder);
}

int32_t cpocketsphinx_process(cpocketsphinx_decoder *decoder, const int16_t *samples, int32_t count) {
    return ps_process_raw(decoder->decoder, samples, (size_t)count, FALSE, FALSE) < 0 ? -1 : 0;
}

int32_t cpocketsphinx_end(cpocketsphinx_decoder *decoder) { return ps_end_utt(decoder->decoder); }

void cpocketsphinx_reset_channel(cpocketsphinx_decoder *decoder) {
    if (decoder->channel == NULL) return;
    cmn_t *channel = channel_of(decoder);
    size_t size = (size_t)channel->veclen * sizeof(mfcc_t);
    memcpy(channel->cmn_mean, decoder->channel, size);
    memcpy(channel->sum, decoder->channel + channel->veclen, size);
    channel->nframe = decoder->channel_frames;
}

const char *cpocketsphinx_hypothesis(cpocketsphinx_decoder *decoder) {
    int32 score;
    return ps_get_hyp(decoder->decoder, &score);
}

int32_t cpocketsphinx_words(cpocketsphinx_decoder *decoder, cpocketsphinx_word *words, int32_t capacity) {
    int32_t count = 0;
    for (ps_seg_t *segment = ps_seg_iter(decoder->decoder); segment != NULL; segment = ps_seg_next(segment), count++) {
        if (count >= capacity) continue;
        int first, last;
        int32 acoustic, language, backoff;
        ps_seg_frames(segment, &first, &last);
        ps_seg_prob(segment, &acoustic, &language, &backoff);
        words[count] = (cpocketsphinx_word){ps_seg_word(segment), first, last, acoustic};
    }
    return count;
}
