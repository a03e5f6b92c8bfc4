// What `submit` and `submission mend` share.
#pragma once

#include "tools/concordat/upload.h"

namespace concordat::cli {

/// "findings.csv" as "findings.FEED.csv": where the other feeds of one file are written.
std::string PathForOutput(const std::string& path, const std::string& feed);

/// Prints the judgement, writes the receipt when a path is given; the exit code.
int ShowJudgement(const Context& context, const absl::StatusOr<v1::Judgement>& judgement,
                  const std::string& receipt, bool strict);

}  // namespace concordat::cli
