// The functions and operators of CEL: a visible table, a file a subject.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/expr/datum.h"

namespace concordat::expr {

using Arguments = std::span<const Datum>;
/// No function takes more.
inline constexpr size_t kMaxParameters = 4;

/// Called with arguments of the overload's kinds only.
using Implementation = Result (*)(Arguments arguments, Budget& budget);

/// One set of kinds a function takes; kAny takes all. The target of a member call is its first argument.
struct Overload {
  bool member = false;
  std::vector<Type> parameters;
  Type result = Type::kAny;
  Implementation run = nullptr;
};

struct Function {
  std::string name;  // operators by their sign, "-" with one parameter too; names may have points
  std::vector<Overload> overloads;
};

/// Null when there is none.
const Function* FindFunction(std::string_view name);
std::vector<std::string> FunctionNames();

/// The first overload that takes these kinds. kAny among `kinds` fits all.
const Overload* FindOverload(const Function& function, bool member, std::span<const Type> kinds);

/// The files' tables; each adds its own.
class FunctionTable {
 public:
  void Global(std::string_view name, std::vector<Type> parameters, Type result, Implementation run);
  void Member(std::string_view name, std::vector<Type> parameters, Type result, Implementation run);
  const std::vector<Function>& functions() const { return functions_; }

 private:
  Function& Named(std::string_view name);
  std::vector<Function> functions_;
};
void AddArithmetic(FunctionTable& table);
void AddConversions(FunctionTable& table);
void AddTextFunctions(FunctionTable& table);
void AddTextExtensions(FunctionTable& table);
void AddTimeFunctions(FunctionTable& table);
void AddContainerFunctions(FunctionTable& table);
void AddOptionalFunctions(FunctionTable& table);
void AddMathFunctions(FunctionTable& table);

}  // namespace concordat::expr
