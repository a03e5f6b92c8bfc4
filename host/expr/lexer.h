// A CEL text cut into tokens (cel-spec, doc/langdef.md, "Syntax").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/expr/program.h"

namespace concordat::expr {

enum class TokenKind { kEnd, kInt, kUint, kDouble, kString, kBytes, kIdent, kOperator };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t offset = 0;    // bytes from the start of the text
  std::string text;     // numbers as written (without the u of an unsigned one); strings unescaped; else the
                        // word or sign itself
  bool quoted = false;  // an identifier in backticks

  bool Is(std::string_view sign) const { return kind == TokenKind::kOperator && text == sign; }
};

/// All tokens, the last one kEnd; or the first mistake.
struct Lexed {
  std::vector<Token> tokens;
  std::optional<ExprIssue> issue;
};
Lexed Lex(std::string_view text);

}  // namespace concordat::expr
