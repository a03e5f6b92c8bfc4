// concordat submission accept, sign-off, reopen: what people say of a submission beside what the rules say.
#pragma once

#include <string>

#include "host/base/json.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

/// Adds the verbs to the noun `submission`.
void AddJudging(CLI::App& noun, Context& context);

/// The state in a list: "current, signed off".
std::string StateText(const json::Value& row);
/// "3 (2 accepted, 1 expired)" of a row of the list; "-" when no rule warned.
std::string WarningsText(const json::Value& row);
/// Who signed a submission off, opened it again and signed it off anew; nothing when nobody did.
std::string SignOffLines(const json::Value& result);

}  // namespace concordat::cli
