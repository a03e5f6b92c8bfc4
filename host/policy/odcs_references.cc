#include "host/policy/odcs_references.h"

namespace concordat::policy {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  size_t start = 0;
  while (true) {
    const size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

bool TextIs(const Node& node, std::string_view text) { return node.is_scalar() && node.text() == text; }

Node FindBy(const Node& list, std::string_view key, std::string_view text) {
  for (const Node& item : list.items()) {
    if (TextIs(item[key], text)) return item;
  }
  return {};
}

Reference Found(const Node& object, const Node& property) {
  return {Reference::Outcome::kProperty, object["name"].AsText().value_or(""),
          property["name"].AsText().value_or("")};
}

// "object.property"
Reference FindByName(const Node& document, std::string_view reference) {
  const size_t dot = reference.find('.');
  const Node object = FindBy(document["schema"], "name", reference.substr(0, dot));
  const Node property = FindBy(object["properties"], "name", reference.substr(dot + 1));
  return property.present() ? Found(object, property) : Reference{};
}

// "schema/<object id>/properties/<id>", deeper ones through further "properties/<id>".
Reference FindById(const Node& document, std::string_view reference) {
  if (!reference.empty() && reference.front() == '/') reference.remove_prefix(1);
  const std::vector<std::string_view> parts = Split(reference, '/');
  if (parts.front() != "schema" || parts.size() < 4) return {Reference::Outcome::kNotProperty, "", ""};
  const Node object = FindBy(document["schema"], "id", parts[1]);
  Node owner = object;
  Node outermost;
  for (size_t i = 2; i + 1 < parts.size(); i += 2) {
    if (parts[i] != "properties") return {Reference::Outcome::kNotProperty, "", ""};
    owner = FindBy(owner["properties"], "id", parts[i + 1]);
    if (i == 2) outermost = owner;
  }
  return owner.present() ? Found(object, outermost) : Reference{};
}

}  // namespace

Reference FindReference(const Node& document, std::string_view reference) {
  if (reference.find('#') != std::string_view::npos) return {Reference::Outcome::kExternal, "", ""};
  if (reference.find('/') != std::string_view::npos) return FindById(document, reference);
  return FindByName(document, reference);
}

std::vector<Node> ReferenceList(const Node& from_or_to) {
  if (from_or_to.is_sequence()) return from_or_to.items();
  if (from_or_to.is_scalar()) return {from_or_to};
  return {};
}

}  // namespace concordat::policy
