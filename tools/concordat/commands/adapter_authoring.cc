// concordat adapter new, build, verify.
#include "tools/concordat/commands/adapter.h"

namespace concordat::cli {

void AddAdapterAuthoring(CLI::App&, Context&) {}

}  // namespace concordat::cli
