// host/pages/person.h under the names of the command line.
#pragma once

#include "host/pages/person.h"

namespace concordat::cli {

using pages::PersonText;

}  // namespace concordat::cli
