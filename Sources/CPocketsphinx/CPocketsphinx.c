#include "CPocketsphinx.h"
