#include "CSignal.h"
