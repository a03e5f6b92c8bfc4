// concordat adapter: the parts of the noun, each in its own file.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

/// new, build, verify: for whoever writes an adapter; no host is needed.
void AddAdapterAuthoring(CLI::App& noun, Context& context);
/// The part of it that writes a new folder.
void AddAdapterNew(CLI::App& noun, Context& context);
/// sign, enable, disable, upgrade and what goes with them: for whoever runs a host.
void AddAdapterLife(CLI::App& noun, Context& context);

}  // namespace concordat::cli
