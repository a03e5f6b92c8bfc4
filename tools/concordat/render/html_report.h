// host/pages/html_report.h under the names of the command line.
#pragma once

#include "host/pages/html_report.h"

namespace concordat::cli {

using pages::HtmlReport;

}  // namespace concordat::cli
