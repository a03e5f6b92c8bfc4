// concordat feed propose, below the noun of feed.cc.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

void AddFeedPropose(CLI::App& noun, Context& context);

}  // namespace concordat::cli
