// host/pages/members.h under the names of the command line.
#pragma once

#include "host/pages/members.h"

namespace concordat::cli {

using pages::AcceptanceOf;
using pages::AcceptanceText;
using pages::ClauseText;
using pages::CountOf;
using pages::ItemsOf;
using pages::Member;
using pages::NumberOf;
using pages::TextOf;

}  // namespace concordat::cli
