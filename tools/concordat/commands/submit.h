// What `submit` and `submission mend` share.
#pragma once

#include "tools/concordat/upload.h"

namespace concordat::cli {

/// Prints the judgement, writes the receipt when a path is given; the exit code.
int ShowJudgement(const Context& context, const absl::StatusOr<v1::Judgement>& judgement,
                  const std::string& receipt, bool strict);

}  // namespace concordat::cli
