#include "host/expr/parser.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/expr/lexer.h"

namespace concordat::expr {
namespace {

// How tightly operators bind; higher is tighter.
constexpr int kConditionalPower = 1;
constexpr int kOrPower = 2;
constexpr int kAndPower = 3;
constexpr int kRelationPower = 4;
constexpr int kSumPower = 5;
constexpr int kProductPower = 6;
constexpr int kUnaryPower = 7;

int PowerOf(const Token& token) {
  if (token.kind == TokenKind::kIdent) return token.text == "in" && !token.quoted ? kRelationPower : 0;
  if (token.kind != TokenKind::kOperator) return 0;
  const std::string& sign = token.text;
  if (sign == "?") return kConditionalPower;
  if (sign == "||") return kOrPower;
  if (sign == "&&") return kAndPower;
  if (sign == "==" || sign == "!=" || sign == "<" || sign == "<=" || sign == ">" || sign == ">=")
    return kRelationPower;
  if (sign == "+" || sign == "-") return kSumPower;
  if (sign == "*" || sign == "/" || sign == "%") return kProductPower;
  return 0;
}

// cel-spec, "RESERVED", and the words with a meaning of their own.
bool IsReserved(std::string_view word) {
  constexpr std::string_view kWords[] = {"as",        "break",   "const",  "continue", "else", "for",
                                         "function",  "if",      "import", "in",       "let",  "loop",
                                         "namespace", "package", "return", "var",      "void", "while"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// Words of SQL and of plain English that people write between two conditions.
std::string HintForWord(std::string_view word) {
  const std::string lower = absl::AsciiStrToLower({word.data(), word.size()});
  if (lower == "and") return "write && for \"and\"";
  if (lower == "or") return "write || for \"or\"";
  if (lower == "not") return "write ! for \"not\"";
  if (lower == "is" || lower == "equals") return "write == to compare";
  if (lower == "like" || lower == "between") return "write comparisons joined with &&";
  return "";
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Parsed Run() {
    NodePtr root = Expression(0);
    if (!issue_ && Here().kind != TokenKind::kEnd) Unexpected("after the end of the expression");
    if (issue_) return {nullptr, std::move(issue_)};
    return {std::move(root), std::nullopt};
  }

 private:
  const Token& Here() const { return tokens_[at_]; }
  const Token& Take() { return Here().kind == TokenKind::kEnd ? Here() : tokens_[at_++]; }

  bool TakeSign(std::string_view sign) {
    if (!Here().Is(sign)) return false;
    ++at_;
    return true;
  }

  NodePtr Fail(size_t offset, std::string message, std::string hint = "") {
    if (!issue_) issue_ = ExprIssue{offset, std::move(message), std::move(hint)};
    return nullptr;
  }

  NodePtr Unexpected(std::string_view where) {
    const Token& token = Here();
    if (token.kind == TokenKind::kEnd)
      return Fail(token.offset, fmt::format("the expression ends {}", where));
    std::string hint = token.kind == TokenKind::kIdent ? HintForWord(token.text) : "";
    if (token.Is(">") && at_ > 0 && tokens_[at_ - 1].Is("<")) hint = "write != for \"not equal\"";
    return Fail(token.offset, fmt::format("\"{}\" is not expected {}", token.text, where), std::move(hint));
  }

  bool Expect(std::string_view sign, std::string_view where) {
    if (TakeSign(sign)) return true;
    if (Here().kind == TokenKind::kEnd)
      Fail(Here().offset, fmt::format("{} is missing {}", sign, where));
    else
      Unexpected(where);
    return false;
  }

  // Gives up on trees that are too tall to walk.
  NodePtr Made(NodeKind kind, size_t offset, std::vector<NodePtr> children) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->offset = offset;
    for (const NodePtr& child : children) {
      if (!child) return nullptr;
      node->height = std::max(node->height, child->height + 1);
    }
    if (node->height > kMaxDepth)
      return Fail(offset, fmt::format("the expression is nested deeper than {} levels", kMaxDepth));
    node->children = std::move(children);
    return node;
  }

  template <typename... Children>
  static std::vector<NodePtr> List(Children... children) {
    std::vector<NodePtr> list;
    (list.push_back(std::move(children)), ...);
    return list;
  }

  NodePtr Expression(int power) {
    if (++depth_ > kMaxDepth)
      return Fail(Here().offset, fmt::format("the expression is nested deeper than {} levels", kMaxDepth));
    NodePtr left = Unary();
    while (left && !issue_) {
      const int here = PowerOf(Here());
      if (here <= power) break;
      left = here == kConditionalPower ? Conditional(std::move(left)) : Binary(std::move(left), here);
    }
    --depth_;
    return left;
  }

  NodePtr Conditional(NodePtr condition) {
    const size_t offset = Take().offset;
    NodePtr yes = Expression(kConditionalPower);
    if (!yes || !Expect(":", "between the two results of ?")) return nullptr;
    return Made(NodeKind::kConditional, offset, List(std::move(condition), std::move(yes), Expression(0)));
  }

  NodePtr Binary(NodePtr left, int power) {
    const Token sign = Take();
    NodePtr right = Expression(power);
    if (!right) return nullptr;
    // A long chain is one node with many children, not a tall tree.
    const bool chain =
        (sign.text == "&&" || sign.text == "||") && left->kind == NodeKind::kBinary && left->op == sign.text;
    if (chain) {
      left->height = std::max(left->height, right->height + 1);
      left->children.push_back(std::move(right));
      return left;
    }
    NodePtr node = Made(NodeKind::kBinary, sign.offset, List(std::move(left), std::move(right)));
    if (node) node->op = sign.text;
    return node;
  }

  NodePtr Unary() {
    const Token sign = Here();
    if (!sign.Is("!") && !sign.Is("-")) return Postfix();
    Take();
    // The sign belongs to the number, so that the least integer can be written.
    if (sign.Is("-") && (Here().kind == TokenKind::kInt || Here().kind == TokenKind::kDouble)) {
      return Suffixes(Number(Take(), sign.offset, "-"));
    }
    NodePtr node = Made(NodeKind::kUnary, sign.offset, List(Expression(kUnaryPower)));
    if (node) node->op = sign.text;
    return node;
  }

  NodePtr Postfix() { return Suffixes(Primary()); }

  NodePtr Suffixes(NodePtr node) {
    while (node && !issue_) {
      const size_t offset = Here().offset;
      if (TakeSign(".")) {
        node = Member(std::move(node));
      } else if (TakeSign("[")) {
        node = Index(std::move(node), offset);
      } else if (Here().Is("{") && IsName(*node)) {
        node = Message(std::move(node));
      } else {
        break;
      }
    }
    return issue_ ? nullptr : std::move(node);
  }

  NodePtr Index(NodePtr target, size_t offset) {
    const bool optional = TakeSign("?");
    NodePtr index = Expression(0);
    if (!index || !Expect("]", "after the index")) return nullptr;
    NodePtr node = Made(NodeKind::kIndex, offset, List(std::move(target), std::move(index)));
    if (node) node->optional = optional;
    return node;
  }

  // A name with points, as a message's type is written.
  static bool IsName(const Node& node) {
    if (node.kind == NodeKind::kIdent) return true;
    return node.kind == NodeKind::kSelect && !node.optional && IsName(*node.children[0]);
  }

  NodePtr Message(NodePtr type) {
    const size_t offset = type->offset;
    std::vector<NodePtr> children = List(std::move(type));
    Take();
    while (!TakeSign("}")) {
      TakeSign("?");
      if (Here().kind != TokenKind::kIdent) return Unexpected("here, where the name of a field belongs");
      Take();
      if (!Expect(":", "after the name of a field")) return nullptr;
      children.push_back(Expression(0));
      if (!children.back()) return nullptr;
      if (!Here().Is("}") && !Expect(",", "between the fields of the message")) return nullptr;
    }
    return Made(NodeKind::kMessage, offset, std::move(children));
  }

  NodePtr Member(NodePtr target) {
    const bool optional = TakeSign("?");
    if (Here().kind != TokenKind::kIdent) return Unexpected("after the point, where a name belongs");
    const Token name = Take();
    const bool call = Here().Is("(") && !optional;
    const size_t offset = call ? name.offset : target->offset;
    std::vector<NodePtr> children = List(std::move(target));
    if (call && !Arguments(children)) return nullptr;
    NodePtr node = Made(call ? NodeKind::kCall : NodeKind::kSelect, offset, std::move(children));
    if (node) {
      node->name = name.text;
      node->member = call;
      node->optional = optional;
    }
    return node;
  }

  bool Arguments(std::vector<NodePtr>& arguments) {
    Take();
    return Items(")", "between the arguments", arguments, nullptr);
  }

  // Expressions with commas between, up to and with `close`; a leading ? where `optional` is there to note
  // it.
  bool Items(std::string_view close, std::string_view where, std::vector<NodePtr>& items,
             std::vector<bool>* optional) {
    while (!TakeSign(close)) {
      if (optional != nullptr) optional->push_back(TakeSign("?"));
      NodePtr item = Expression(0);
      if (!item) return false;
      items.push_back(std::move(item));
      if (!Here().Is(close) && !Expect(",", where)) return false;
    }
    return true;
  }

  NodePtr Primary() {
    const Token token = Here();
    switch (token.kind) {
      case TokenKind::kInt:
      case TokenKind::kDouble:
        return Number(Take(), token.offset, "");
      case TokenKind::kString:
        return Literal(Take().offset, Value{token.text});
      case TokenKind::kUint:
        return Unsigned(Take());
      case TokenKind::kBytes:
        return OtherLiteral(Take().offset, BytesDatum(token.text));
      case TokenKind::kIdent:
        return Name();
      case TokenKind::kOperator:
        break;
      case TokenKind::kEnd:
        break;
    }
    if (TakeSign(".") && Here().kind == TokenKind::kIdent) {
      NodePtr node = Name();
      if (node) node->rooted = true;
      return node;
    }
    if (TakeSign("(")) {
      NodePtr inner = Expression(0);
      return inner && Expect(")", "to close the parenthesis") ? std::move(inner) : nullptr;
    }
    if (TakeSign("[")) {
      std::vector<NodePtr> items;
      std::vector<bool> optional;
      if (!Items("]", "between the items of the list", items, &optional)) return nullptr;
      return WithOptional(Made(NodeKind::kList, token.offset, std::move(items)), std::move(optional));
    }
    if (TakeSign("{")) return Map(token.offset);
    return Unexpected("here, where a value belongs");
  }

  static NodePtr WithOptional(NodePtr node, std::vector<bool> optional) {
    const bool any = std::find(optional.begin(), optional.end(), true) != optional.end();
    if (node && any) node->optional_items = std::move(optional);
    return node;
  }

  NodePtr Map(size_t offset) {
    std::vector<NodePtr> entries;
    std::vector<bool> optional;
    while (!TakeSign("}")) {
      optional.push_back(TakeSign("?"));
      NodePtr key = Expression(0);
      if (!key || !Expect(":", "after the key of a map")) return nullptr;
      NodePtr value = Expression(0);
      if (!value) return nullptr;
      entries.push_back(std::move(key));
      entries.push_back(std::move(value));
      if (!Here().Is("}") && !Expect(",", "between the entries of the map")) return nullptr;
    }
    return WithOptional(Made(NodeKind::kMap, offset, std::move(entries)), std::move(optional));
  }

  NodePtr Literal(size_t offset, Value value) {
    NodePtr node = Made(NodeKind::kLiteral, offset, {});
    if (node) node->literal = std::move(value);
    return node;
  }

  NodePtr OtherLiteral(size_t offset, Datum datum) {
    NodePtr node = Made(NodeKind::kOtherLiteral, offset, {});
    if (node) node->datum = std::move(datum);
    return node;
  }

  static bool IsHexadecimal(const Token& token) {
    return token.text.size() > 1 && (token.text[1] == 'x' || token.text[1] == 'X');
  }

  NodePtr Unsigned(const Token& token) {
    const bool hexadecimal = IsHexadecimal(token);
    const std::string_view digits = std::string_view(token.text).substr(hexadecimal ? 2 : 0);
    uint64_t value = 0;
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (result.ec != std::errc())
      return Fail(token.offset, fmt::format("{}u does not fit an unsigned 64-bit integer", token.text));
    return OtherLiteral(token.offset, {value});
  }

  NodePtr Number(const Token& token, size_t offset, std::string_view sign) {
    const std::string text = std::string(sign) + token.text;
    if (token.kind == TokenKind::kDouble) {
      const auto number = data::ParseNumber(token.text.starts_with('.') ? "0" + token.text : token.text);
      if (!number) return Fail(offset, fmt::format("{} is too large a number", text));
      return Literal(offset, Value{sign.empty() ? *number : -*number});
    }
    const bool hexadecimal = IsHexadecimal(token);
    const std::string digits = hexadecimal ? std::string(sign) + token.text.substr(2) : text;
    int64_t value = 0;
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (result.ec != std::errc()) return Fail(offset, fmt::format("{} does not fit a 64-bit integer", text));
    return Literal(offset, Value{value});
  }

  NodePtr Name() {
    const Token name = Take();
    if (!name.quoted) {
      if (name.text == "true" || name.text == "false")
        return Literal(name.offset, Value{name.text == "true"});
      if (name.text == "null") return Literal(name.offset, Value{});
      if (IsReserved(name.text))
        return Fail(name.offset, fmt::format("\"{}\" is a reserved word of CEL", name.text));
    }
    const std::string hint = HintForWord(name.text);
    const bool call = Here().Is("(");
    if (call && !hint.empty())
      return Fail(name.offset, fmt::format("\"{}\" is not a function", name.text), hint);
    std::vector<NodePtr> arguments;
    if (call && !Arguments(arguments)) return nullptr;
    NodePtr node = Made(call ? NodeKind::kCall : NodeKind::kIdent, name.offset, std::move(arguments));
    if (node) node->name = name.text;
    return node;
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  std::optional<ExprIssue> issue_;
};

}  // namespace

Parsed Parse(std::string_view text) {
  if (text.size() > kMaxLength) {
    return {nullptr,
            ExprIssue{kMaxLength, fmt::format("the expression is longer than {} bytes", kMaxLength), ""}};
  }
  Lexed lexed = Lex(text);
  if (lexed.issue) return {nullptr, std::move(lexed.issue)};
  return Parser(std::move(lexed.tokens)).Run();
}

}  // namespace concordat::expr
