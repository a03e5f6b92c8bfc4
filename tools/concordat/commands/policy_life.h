// concordat policy history, rollback, replay: the policies of a running host over time.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

/// Adds the verbs to the noun `policy`.
void AddPolicyLife(CLI::App& noun, Context& context);

}  // namespace concordat::cli
