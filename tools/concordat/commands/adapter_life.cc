// concordat adapter sign, enable, disable, upgrade.
#include "tools/concordat/commands/adapter.h"

namespace concordat::cli {

void AddAdapterLife(CLI::App&, Context&) {}

}  // namespace concordat::cli
