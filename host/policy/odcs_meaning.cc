#include "host/policy/odcs_meaning.h"

#include <functional>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/policy/odcs_custom.h"
#include "host/policy/odcs_model.h"
#include "host/policy/odcs_references.h"

namespace concordat::policy {
namespace {

using MapVisitor = std::function<void(Shape, const Node&)>;

void Visit(Shape shape, const Node& map, const MapVisitor& visitor);

void VisitValue(const Type& type, const Node& value, const MapVisitor& visitor) {
  const Shape shape = type.form == Form::kTeam && value.is_sequence() ? Shape::kMember
                      : type.form == Form::kTeam                      ? Shape::kTeam
                                                                      : type.shape;
  if (value.is_map()) Visit(shape, value, visitor);
  for (const Node& item : value.items()) {
    if (item.is_map()) Visit(shape, item, visitor);
  }
}

// Every map of the document that has a shape, outermost first; free content (arguments, custom values) is
// left alone.
void Visit(Shape shape, const Node& map, const MapVisitor& visitor) {
  visitor(shape, map);
  for (const Keys* group : ModelOf(shape, map).groups) {
    for (const Key& key : *group) {
      if (key.type.form == Form::kShape || key.type.form == Form::kTeam)
        VisitValue(key.type, map[key.name], visitor);
    }
  }
}

// The key under which maps of this shape carry their name; empty when they have none.
std::string_view NameKey(Shape shape) {
  switch (shape) {
    case Shape::kContract:
    case Shape::kObject:
    case Shape::kProperty:
    case Shape::kItem:
    case Shape::kQuality:
    case Shape::kTeam:
      return "name";
    case Shape::kServer:
      return "server";
    case Shape::kRole:
      return "role";
    case Shape::kSupport:
      return "channel";
    case Shape::kMember:
      return "username";
    case Shape::kSla:
    case Shape::kCustomProperty:
      return "property";
    default:
      return "";
  }
}

// Lists in which a name may stand only once; a person may join a team twice, an SLA may say one property of
// two elements.
bool NamesAreUnique(Shape shape) {
  return shape == Shape::kObject || shape == Shape::kProperty || shape == Shape::kServer;
}

bool IsBlank(const Node& node) {
  return node.is_scalar() && node.text().find_first_not_of(" \t\r\n") == std::string::npos;
}

class Meaning {
 public:
  Meaning(const Node& document, Issues& issues) : document_(document), issues_(issues) {}

  void Check() {
    Visit(Shape::kContract, document_, [this](Shape shape, const Node& map) { CheckMap(shape, map); });
    CheckElement(document_["slaDefaultElement"]);
  }

 private:
  void CheckMap(Shape shape, const Node& map) {
    CheckNotEmpty(map, "id");
    CheckNotEmpty(map, NameKey(shape));
    CheckLists(shape, map);
    switch (shape) {
      case Shape::kPrice:
        return CheckPrice(map);
      case Shape::kSupport:
        return CheckSupport(map);
      case Shape::kSla:
        return CheckElement(map["element"]);
      case Shape::kProperty:
      case Shape::kItem:
        return CheckArray(map);
      case Shape::kObjectRelationship:
        return CheckRelationship(map, ReferenceList(map["from"]).size());
      case Shape::kPropertyRelationship:
        return CheckRelationship(map, 1);
      default:
        return;
    }
  }

  void CheckNotEmpty(const Node& map, std::string_view key) {
    const Node value = map[key];
    if (!key.empty() && IsBlank(value)) {
      issues_.Error(value.place(), "empty-name", fmt::format("\"{}\" is empty", key),
                    "give it a name of its own");
    }
  }

  void CheckLists(Shape shape, const Node& map) {
    for (const Keys* group : ModelOf(shape, map).groups) {
      for (const Key& key : *group) {
        const Node list = map[key.name];
        if (key.type.form != Form::kShape || !list.is_sequence()) continue;
        CheckUnique(list, "id");
        if (NamesAreUnique(key.type.shape)) CheckUnique(list, NameKey(key.type.shape));
        if (key.type.shape == Shape::kCustomProperty) WarnOfRepeatedProperties(list);
      }
    }
  }

  void CheckUnique(const Node& list, std::string_view key) {
    std::map<std::string, Place> firsts;
    for (const Node& item : list.items()) {
      const Node value = item[key];
      if (!value.is_scalar() || IsBlank(value)) continue;
      const auto [first, is_new] = firsts.emplace(value.text(), value.place());
      if (!is_new)
        ReportDuplicate(value.place(), key == "id" ? "id" : "name", value.text(), first->second, issues_);
    }
  }

  void WarnOfRepeatedProperties(const Node& list) {
    std::set<std::string> seen;
    for (const Node& item : list.items()) {
      const Node name = item["property"];
      if (!name.is_scalar() || seen.insert(name.text()).second) continue;
      issues_.Warn(
          name.place(), "twice",
          fmt::format("the custom property \"{}\" stands twice; only the first counts", name.text()));
    }
  }

  void CheckPrice(const Node& price) {
    const Node amount = price["priceAmount"];
    if (!amount.present()) return;
    if (amount.AsNumber().value_or(0) < 0) {
      issues_.Error(amount.place(), "bad-price", fmt::format("the price {} is below zero", amount.text()));
    }
    if (!price["priceCurrency"].present() || IsBlank(price["priceCurrency"])) {
      issues_.Error(price.KeyPlace("priceAmount"), "bad-price", "the price has no currency",
                    "add priceCurrency: GBP");
    }
  }

  void CheckSupport(const Node& channel) {
    if (channel["url"].present()) return;
    issues_.Warn(channel.place(), "no-url",
                 "this support channel has no url, so nobody can reach it from here",
                 "add url: https://... or mailto:...");
  }

  void CheckArray(const Node& property) {
    const Node type = property["logicalType"];
    if (!type.is_scalar() || type.text() != "array" || property["items"].present()) return;
    issues_.Warn(property.place(), "no-items", "this array does not say what its items are",
                 "add items: {logicalType: ...}");
  }

  void CheckRelationship(const Node& relationship, size_t wanted) {
    const std::vector<Node> to = ReferenceList(relationship["to"]);
    CheckEnd(ReferenceList(relationship["from"]));
    CheckEnd(to);
    if (to.empty() || wanted == 0 || to.size() == wanted) return;
    issues_.Error(
        relationship.KeyPlace("to"), "relationship-length",
        fmt::format("{} propert{} cannot refer to {}: both ends of a relationship must be equally many",
                    wanted, wanted == 1 ? "y" : "ies", to.size()),
        "name one target for each source, in the same order");
  }

  // One end of a relationship: properties of one object, each once.
  void CheckEnd(const std::vector<Node>& references) {
    std::set<std::string> objects;
    std::set<std::string> seen;
    for (const Node& reference : references) {
      if (!reference.is_scalar()) continue;
      if (!seen.insert(reference.text()).second)
        Malformed(reference, fmt::format("\"{}\" stands twice", reference.text()));
      const Reference found = FindReference(document_, reference.text());
      if (found.outcome == Reference::Outcome::kNotProperty) {
        Malformed(reference, fmt::format("\"{}\" does not point to a property", reference.text()));
      } else if (found.outcome == Reference::Outcome::kProperty) {
        objects.insert(found.object);
      } else {
        WarnMissing(reference, found.outcome == Reference::Outcome::kExternal);
      }
    }
    if (objects.size() > 1)
      Malformed(references.front(), "one end of a relationship names properties of several objects");
  }

  void Malformed(const Node& place, std::string message) {
    issues_.Error(place.place(), "bad-relationship", std::move(message),
                  "write object.property, or schema/object-id/properties/property-id");
  }

  void WarnMissing(const Node& reference, bool external) {
    const char* why =
        external ? "points into another document, which is not looked into" : "is not in this document";
    issues_.Warn(reference.place(), "unknown-reference", fmt::format("\"{}\" {}", reference.text(), why),
                 external ? "" : DidYouMean(reference.text(), PropertyNames()));
  }

  std::vector<std::string> PropertyNames() const {
    std::vector<std::string> names;
    for (const Node& object : document_["schema"].items()) {
      for (const Node& property : object["properties"].items()) {
        names.push_back(fmt::format("{}.{}", object["name"].text(), property["name"].text()));
      }
    }
    return names;
  }

  // "object.property", "object", or several with commas between them.
  void CheckElement(const Node& element) {
    if (!element.is_scalar()) return;
    std::string_view rest = element.text();
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      std::string_view name = rest.substr(0, comma);
      rest.remove_prefix(std::min(rest.size(), comma + 1));
      while (name.starts_with(' ')) name.remove_prefix(1);
      while (name.ends_with(' ')) name.remove_suffix(1);
      if (HasElement(name)) continue;
      issues_.Warn(element.place(), "unknown-element",
                   fmt::format("the element \"{}\" is not in this document", name),
                   DidYouMean(name, PropertyNames()));
    }
  }

  bool HasElement(std::string_view name) const {
    for (const Node& object : document_["schema"].items()) {
      if (object["name"].is_scalar() && object["name"].text() == name) return true;
    }
    return FindReference(document_, name).outcome == Reference::Outcome::kProperty;
  }

  const Node& document_;
  Issues& issues_;
};

}  // namespace

void CheckMeaning(const Node& document, Issues& issues) { Meaning(document, issues).Check(); }

}  // namespace concordat::policy
