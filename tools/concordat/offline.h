// Policies and adapters for commands that work without a host.
#pragma once

#include "host/flows/pipeline.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

/// The installed adapters; manifests with mistakes are said on standard error and left out.
adapters::Catalog OpenCatalog(const Context& context);

/// One line on standard error when an adapter that is about to run is not the program's own and nobody is
/// known to vouch for it.
void SayWhenNobodyVouches(const adapters::Manifest& manifest);

/// The policies of --policies, compiled. With mistakes: FailedPrecondition carrying every one with its caret.
absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> OpenPolicies(const Context& context,
                                                                          const adapters::Catalog& catalog);

}  // namespace concordat::cli
