// host/pages/html_text.h under the names of the command line.
#pragma once

#include "host/pages/html_text.h"

namespace concordat::cli {

using pages::Escaped;

}  // namespace concordat::cli
