// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

#include "CFlite.h"

#include <flite/flite.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

cst_voice *register_cmu_us_slt(const char *directory);
cst_voice *register_cmu_us_rms(const char *directory);
cst_voice *register_cmu_us_awb(const char *directory);
cst_voice *register_cmu_us_kal16(const char *directory);

/// Makes values immortal. They are counted without atomics, and every utterance counts those of its voice: without
/// this, two threads could lose a count and free a value in use. -1 marks a constant that is never counted.
static void pin(cst_features *features) {
    if (features == NULL) return;
    for (cst_featvalpair *pair = features->head; pair != NULL; pair = pair->next)
        if (pair->val != NULL && (pair->val->c.a.type & 1)) pair->val->c.a.ref_count = -1;
}

cflite_voice *cflite_voice_named(const char *name) {
    static const struct {
        const char *name;
        cst_voice *(*make)(const char *);
    } voices[] = {
        {"slt", register_cmu_us_slt},
        {"rms", register_cmu_us_rms},
        {"awb", register_cmu_us_awb},
        {"kal16", register_cmu_us_kal16},
    };
    flite_init();
    for (size_t index = 0; index < sizeof voices / sizeof *voices; index++) {
        if (strcmp(voices[index].name, name) != 0) continue;
        cst_voice *voice = voices[index].make(NULL);
        if (voice != NULL) {
            pin(voice->features);
            pin(voice->ffunctions);
        }
        return voice;
    }
    return NULL;
}

typedef struct {
    cflite_receiver receiver;
    void *context;
    int has_words;
} request;

static int32_t count_words(const cst_utterance *utterance) {
    int32_t count = 0;
    cst_relation *relation = utt_relation(utterance, "Word");
    for (cst_item *word = relation_head(relation); word != NULL; word = item_next(word)) count++;
    return count;
}

static cflite_word describe(cst_item *word) {
    cst_item *token = item_parent(item_as(word, "Token"));
    return (cflite_word){
        .text_end = token != NULL && item_feat_present(token, "file_pos") ? item_feat_int(token, "file_pos") : 0,
        .start = ffeature_float(word, "R:SylStructure.daughter1.daughter1.R:Segment.p.end"),
        .end = ffeature_float(word, "R:SylStructure.daughtern.daughtern.R:Segment.end"),
    };
}

static int deliver_with_words(request *request, const cst_utterance *utterance, const int16_t *samples, int32_t count) {
    request->has_words = 1;
    int32_t word_count = count_words(utterance);
    cflite_word *words = calloc((size_t)word_count + 1, sizeof *words);
    if (words == NULL) return 1;
    int32_t index = 0;
    for (cst_item *word = relation_head(utt_relation(utterance, "Word")); word != NULL; word = item_next(word))
        words[index++] = describe(word);
    int32_t stop = request->receiver(request->context, words, word_count, samples, count);
    free(words);
    return stop;
}

static int receive(const cst_wave *wave, int start, int size, int last, cst_audio_streaming_info *info) {
    (void)last;
    if (size <= 0) return CST_AUDIO_STREAM_CONT;
    request *request = info->userdata;
    const int16_t *samples = wave->samples + start;
    int32_t stop = request->has_words ? request->receiver(request->context, NULL, 0, samples, size)
                                      : deliver_with_words(request, info->utt, samples, size);
    return stop ? CST_AUDIO_STREAM_STOP : CST_AUDIO_STREAM_CONT;
}

// The voices' breath is made with rand(), whose state the process shares: a synthesis that nobody runs beside is always
// the same.
static pthread_rwlock_t breath = PTHREAD_RWLOCK_INITIALIZER;

static int32_t speak(
    cflite_voice *voice, const char *text, int32_t chunk, float stretch, float pitch, cflite_receiver receiver,
    void *context) {
    cst_utterance *utterance = new_utterance();
    if (utterance == NULL) return -1;
    request request = {receiver, context, 0};
    utt_set_input_text(utterance, text);
    utt_init(utterance, voice);

    // On the utterance and not on the voice, which others use at the same time. The utterance frees it.
    cst_audio_streaming_info *info = new_audio_streaming_info();
    info->asc = receive;
    info->min_buffsize = chunk;
    info->userdata = &request;
    info->utt = utterance;
    feat_set(utterance->features, "streaming_info", audio_streaming_info_val(info));
    feat_set_float(utterance->features, "duration_stretch", stretch);
    if (pitch > 0) feat_set_float(utterance->features, "int_f0_target_mean", pitch);

    // A stopped synthesis answers null as well as a failed one; the words tell that it had begun.
    int32_t result = utt_synth(utterance) != NULL || request.has_words ? 0 : -1;
    delete_utterance(utterance);
    return result;
}

int32_t cflite_speak(
    cflite_voice *voice, const char *text, int32_t chunk, float stretch, float pitch, int32_t is_alone,
    cflite_receiver receiver, void *context) {
    if (is_alone) {
        pthread_rwlock_wrlock(&breath);
        srand(1);
    } else {
        pthread_rwlock_rdlock(&breath);
    }
    int32_t result = speak(voice, text, chunk, stretch, pitch, receiver, context);
    pthread_rwlock_unlock(&breath);
    return result;
}
