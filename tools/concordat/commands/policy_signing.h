// concordat policy show, sign, status, revoke: the quality policy and its signatures.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

/// Adds the verbs to the noun `policy`.
void AddPolicySigning(CLI::App& noun, Context& context);

}  // namespace concordat::cli
