// partner invite, requests, approve, refuse.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

void AddPartnerInvite(CLI::App& partner, Context& context);

}  // namespace concordat::cli
