// host/pages/html_style.h under the names of the command line.
#pragma once

#include "host/pages/html_style.h"

namespace concordat::cli {

using pages::HtmlBar;
using pages::HtmlFoot;
using pages::HtmlHead;
using pages::ScrollRegion;

}  // namespace concordat::cli
