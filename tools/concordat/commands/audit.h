// The parts of `concordat audit` that have files of their own.
#pragma once

#include <string>

#include "tools/concordat/context.h"

namespace concordat::cli {

/// list, statement
void AddAuditViews(CLI::App& noun, Context& context);
/// prove
void AddAuditProve(CLI::App& noun, Context& context);

/// verify --since: the host's log against a checkpoint that was kept in `path`, alone, as `audit checkpoint`
/// printed it or in a receipt. `host_key`: file of the host's key; empty when the file names it.
int VerifySince(const Context& context, const std::string& path, const std::string& host_key);

/// One answer for people or for scripts; its exit code.
int Verdict(const Context& context, bool holds, json::Object details, const std::string& message);
/// The file, or Unavailable with the reason.
absl::StatusOr<std::string> ReadText(const std::string& path);

}  // namespace concordat::cli
