#include "host/expr/functions.h"

#include <algorithm>
#include <unordered_map>

namespace concordat::expr {
namespace {

const FunctionTable& Table() {
  static const FunctionTable* const kTable = [] {
    auto* table = new FunctionTable();
    AddArithmetic(*table);
    AddConversions(*table);
    AddTextFunctions(*table);
    AddTextExtensions(*table);
    AddTimeFunctions(*table);
    AddContainerFunctions(*table);
    AddOptionalFunctions(*table);
    AddMathFunctions(*table);
    return table;
  }();
  return *kTable;
}

bool Fits(Type parameter, Type kind) {
  if (kind == Type::kDate || kind == Type::kTime) kind = Type::kTimestamp;
  return parameter == Type::kAny || kind == Type::kAny || parameter == kind;
}

}  // namespace

Function& FunctionTable::Named(std::string_view name) {
  const auto found = std::find_if(functions_.begin(), functions_.end(),
                                  [&](const Function& function) { return function.name == name; });
  if (found != functions_.end()) return *found;
  functions_.push_back({std::string(name), {}});
  return functions_.back();
}

void FunctionTable::Global(std::string_view name, std::vector<Type> parameters, Type result,
                           Implementation run) {
  Named(name).overloads.push_back({false, std::move(parameters), result, run});
}

void FunctionTable::Member(std::string_view name, std::vector<Type> parameters, Type result,
                           Implementation run) {
  Named(name).overloads.push_back({true, std::move(parameters), result, run});
}

const Function* FindFunction(std::string_view name) {
  static const auto* const kIndex = [] {
    auto* index = new std::unordered_map<std::string_view, const Function*>();
    for (const Function& function : Table().functions()) index->emplace(function.name, &function);
    return index;
  }();
  const auto found = kIndex->find(name);
  return found == kIndex->end() ? nullptr : found->second;
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const Function& function : Table().functions()) names.push_back(function.name);
  return names;
}

const Overload* FindOverload(const Function& function, bool member, std::span<const Type> kinds) {
  for (const Overload& overload : function.overloads) {
    if (overload.member != member) continue;
    if (std::equal(kinds.begin(), kinds.end(), overload.parameters.begin(), overload.parameters.end(),
                   [](Type kind, Type parameter) { return Fits(parameter, kind); })) {
      return &overload;
    }
  }
  return nullptr;
}

}  // namespace concordat::expr
