#include "host/adapters/manifest.h"

#include <algorithm>
#include <array>
#include <optional>

#include "fmt/format.h"
#include "host/adapters/option_value.h"
#include "host/adapters/signable.h"
#include "host/base/encoding.h"

namespace concordat::adapters {
namespace {

using policy::Fields;
using policy::Node;

constexpr std::array<std::string_view, 7> kDimensions = {
    "accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"};

bool IsName(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), fits);
}

// A name that stands in file names, rule ids and messages.
std::string NameOf(Fields& fields, std::string_view key) {
  std::string name = fields.Text(key);
  if (!name.empty() && !IsName(name)) {
    fields.Error(key, "bad-name",
                 fmt::format("\"{}\" must be lower-case letters, digits and _, a letter first", name));
  }
  return name;
}

void RefuseTwice(std::vector<std::string> names, const Node& place, Issues& issues) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  issues.Error(place.place(), "duplicate-name", fmt::format("\"{}\" stands in this list twice", *twice));
}

std::vector<std::string> WordList(const std::array<std::string_view, 7>& words) {
  return {words.begin(), words.end()};
}

ManifestOption ReadOption(const Node& node, Issues& issues) {
  Fields fields(node, "option", issues);
  ManifestOption option;
  option.name = NameOf(fields, "name");
  option.type = fields.WordOr("type", "text", {"text", "integer", "boolean", "words"});
  option.default_value = fields.TextOr("default", "");
  option.words = fields.Texts("words");
  option.description = fields.TextOr("description", "");
  if ((option.type == "words") == option.words.empty()) {
    fields.Error("words", "bad-words", "\"words\" belongs to an option of type words, and to no other");
  } else if (const std::string why = WhyNoValue(option, option.default_value); !why.empty()) {
    fields.Error("default", "bad-default", fmt::format("the default of option \"{}\" {}", option.name, why));
  }
  fields.Finish();
  return option;
}

ManifestReference ReadReference(const Node& node, Issues& issues) {
  Fields fields(node, "reference", issues);
  ManifestReference reference;
  reference.name = NameOf(fields, "name");
  reference.file = fields.TextOr("file", "");
  reference.dataset = fields.TextOr("dataset", "");
  if (reference.file.empty() == reference.dataset.empty()) {
    fields.Error("file", "bad-reference",
                 "a reference is either a \"file\" (a list of the policies folder) or a \"dataset\"");
  }
  fields.Finish();
  return reference;
}

ManifestRule ReadRule(const Node& node, Issues& issues) {
  Fields fields(node, "rule", issues);
  ManifestRule rule;
  rule.id = NameOf(fields, "id");
  rule.description = fields.Text("description");
  const std::string dimension = fields.WordOr("dimension", "consistency", WordList(kDimensions));
  rule.dimension = record::DimensionFrom(dimension).value_or(rule.dimension);
  const std::string severity = fields.WordOr("severity", "error", {"critical", "error", "warning", "info"});
  rule.severity = record::SeverityFrom(severity).value_or(rule.severity);
  rule.columns = fields.Texts("columns");
  rule.mend = fields.TextOr("mend", "");
  fields.Finish();
  return rule;
}

struct OwnDimension {
  std::string name;
};

OwnDimension ReadDimension(const Node& node, Issues& issues) {
  Fields fields(node, "dimension", issues);
  OwnDimension own{NameOf(fields, "name")};
  fields.Text("description");
  fields.Finish();
  return own;
}

/// Every entry of a list, each with a name of its own.
template <typename T>
std::vector<T> ReadAll(Fields& fields, std::string_view key, T (*read)(const Node&, Issues&),
                       std::string T::*name) {
  const Node list = fields.Sequence(key);
  std::vector<T> all;
  std::vector<std::string> names;
  for (const Node& node : list.items()) {
    all.push_back(read(node, fields.issues()));
    names.push_back(all.back().*name);
  }
  RefuseTwice(std::move(names), list, fields.issues());
  return all;
}

void ReadAbi(Fields& fields, Manifest& manifest) {
  const Node node = fields.Map("abi");
  if (!node.present()) {
    fields.Error("abi", "missing-key",
                 "the adapter needs \"abi\": {min, max}, the versions of the adapter ABI it speaks");
    return;
  }
  Fields abi(node, "abi", fields.issues());
  const int64_t min = abi.Integer("min").value_or(1);
  const int64_t max = abi.Integer("max").value_or(min);
  if (min < 1 || max < min || max > 1'000'000)
    abi.Error("min", "bad-range", "\"min\" must be 1 or more and at most \"max\"");
  manifest.abi_min = static_cast<uint32_t>(min);
  manifest.abi_max = static_cast<uint32_t>(max);
  abi.Finish();
}

// The library lies beside the manifest: a path could lead anywhere.
void ReadLibrary(Fields& fields, Manifest& manifest) {
  manifest.library = fields.Text("library");
  if (manifest.library.find('/') != std::string::npos || manifest.library == "..") {
    fields.Error("library", "bad-library",
                 "\"library\" must be the name of a file beside adapter.yaml, without a path");
  }
}

// Written by `concordat adapter sign`, not by people.
ManifestSignature ReadSignature(const Node& node, Issues& issues) {
  Fields fields(node, "signature", issues);
  ManifestSignature signature;
  signature.key = fields.Text("key");
  signature.manifest = fields.Text("manifest");
  const std::optional<std::string> value = Base64Decode(fields.Text("value"));
  constexpr size_t kSignatureBytes = 64;
  if (value && value->size() == kSignatureBytes) {
    signature.value = *value;
  } else if (node.is_map()) {
    fields.Error("value", "bad-signature",
                 "the signature is damaged: it is not the base64 of 64 bytes; sign the adapter again: "
                 "concordat adapter sign");
  }
  fields.Finish();
  return signature;
}

// As a number, version 1.10 would be 1.1: what is signed are the texts that are read.
json::Value TextsOf(const Node& node) {
  if (node.is_map()) {
    json::Object object;
    for (const Node::Member& member : node.members()) object[member.key] = TextsOf(member.value);
    return object;
  }
  if (node.is_sequence()) {
    json::Array array;
    for (const Node& item : node.items()) array.push_back(TextsOf(item));
    return array;
  }
  return node.is_scalar() ? json::Value(node.text()) : json::Value();
}

struct VersionPart {
  std::string_view text;  // digits, or none
  bool number = false;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The next run of digits or of other characters.
VersionPart NextPart(std::string_view& rest) {
  size_t size = 0;
  const bool number = IsDigit(rest.front());
  while (size < rest.size() && IsDigit(rest[size]) == number) ++size;
  const VersionPart part{rest.substr(0, size), number};
  rest.remove_prefix(size);
  return part;
}

int CompareNumbers(std::string_view a, std::string_view b) {
  while (a.size() > 1 && a.front() == '0') a.remove_prefix(1);
  while (b.size() > 1 && b.front() == '0') b.remove_prefix(1);
  return a.size() != b.size() ? (a.size() < b.size() ? -1 : 1) : a.compare(b);
}

}  // namespace

std::string_view WordOf(Trust trust) {
  constexpr std::array<std::string_view, 4> kWords = {"own", "signed", "unsigned", "nobody"};
  return kWords[static_cast<size_t>(trust)];
}

bool IsVersion(std::string_view text) {
  const auto letter = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= 64 && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || c == '.' || c == '-' || c == '+' || c == '_'; });
}

int CompareVersions(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const VersionPart left = NextPart(a);
    const VersionPart right = NextPart(b);
    if (left.number != right.number) return left.number ? 1 : -1;
    const int order = left.number ? CompareNumbers(left.text, right.text) : left.text.compare(right.text);
    if (order != 0) return order;
  }
  if (a.empty() && b.empty()) return 0;
  // A pre-release comes before what it leads to; any other addition comes after.
  const bool pre_release = (a.empty() ? b : a).front() == '-';
  return a.empty() == pre_release ? 1 : -1;
}

json::Object SignableValue(const Node& document) {
  json::Value value = TextsOf(document);
  if (!value.is_object()) return {};
  value.as_object().erase("signature");
  return value.as_object();
}

Manifest ReadManifest(const Node& document, Issues& issues) {
  Fields fields(document, "adapter", issues);
  Manifest manifest;
  manifest.name = NameOf(fields, "name");
  manifest.version = fields.Text("version");
  if (!manifest.version.empty() && !IsVersion(manifest.version)) {
    fields.Error(
        "version", "bad-version",
        "\"version\" must be letters, digits and . - + _, such as 1.2.0: it stands in names of folders");
  }
  ReadAbi(fields, manifest);
  ReadLibrary(fields, manifest);
  manifest.description = fields.Text("description");
  manifest.formats = fields.Texts("formats");
  manifest.options = ReadAll(fields, "options", ReadOption, &ManifestOption::name);
  manifest.references = ReadAll(fields, "references", ReadReference, &ManifestReference::name);
  manifest.rules = ReadAll(fields, "rules", ReadRule, &ManifestRule::id);
  for (const OwnDimension& own : ReadAll(fields, "dimensions", ReadDimension, &OwnDimension::name)) {
    manifest.dimensions.push_back(own.name);
  }
  manifest.digest = fields.TextOr("digest", "");
  if (fields.Has("signature")) manifest.signature = ReadSignature(fields.Map("signature"), issues);
  manifest.signable = json::Canonical(SignableValue(document));
  fields.Finish();
  return manifest;
}

}  // namespace concordat::adapters
