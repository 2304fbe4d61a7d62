#include "CSilero.h"
