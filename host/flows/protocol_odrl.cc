// A protocol as a policy of the W3C's Open Digital Rights Language 2.2.
#include "fmt/format.h"
#include "host/flows/protocol_document.h"
#include "host/flows/protocol_export.h"

namespace concordat::flows {
namespace {

std::string PurposeIri(const std::string& code) {
  constexpr std::string_view kPrefix = "dpv:";
  if (code.starts_with(kPrefix)) return "https://w3id.org/dpv#" + code.substr(kPrefix.size());
  return "urn:concordat:purpose:" + code;
}

std::string PartnerIri(const std::string& partner) { return "urn:concordat:partner:" + partner; }

json::Object Constraint(std::string_view left, std::string_view comparison, json::Value right) {
  return {{"leftOperand", json::Value(boost::json::string(left))},
          {"operator", json::Value(boost::json::string(comparison))},
          {"rightOperand", std::move(right)}};
}

json::Object Typed(const std::string& value, std::string_view type) {
  return {{"@value", value}, {"@type", json::Value(boost::json::string(type))}};
}

json::Array ConstraintsOf(const json::Value& document, const json::Value& share) {
  json::Array list;
  list.push_back(
      Constraint("purpose", "eq", json::Object{{"@id", PurposeIri(TextAt(document, "purpose.code"))}}));
  const std::string from = TextAt(document, "validity.from");
  const std::string until = TextAt(document, "validity.until");
  if (!from.empty()) list.push_back(Constraint("dateTime", "gteq", Typed(from, "xsd:date")));
  if (!until.empty()) list.push_back(Constraint("dateTime", "lteq", Typed(until, "xsd:date")));
  json::Array fields;
  for (const auto& member : MembersAt(share, "fields")) fields.emplace_back(member.first);
  if (!fields.empty()) list.push_back(Constraint("urn:concordat:term:field", "isAnyOf", std::move(fields)));
  for (const std::string_view key : {"rows", "when"}) {
    const std::string text = TextAt(share, key);
    if (!text.empty())
      list.push_back(Constraint(fmt::format("urn:concordat:term:{}", key), "eq", json::Value(text)));
  }
  for (const auto& [what, least] : MembersAt(share, "quality")) {
    if (least->is_number()) list.push_back(Constraint("urn:concordat:quality:" + what, "gteq", *least));
    if (least->is_object())
      list.push_back(Constraint("urn:concordat:quality:assessment:" + TextAt(*least, "template"), "gteq",
                                ValueAt(*least, "minimum")));
  }
  return list;
}

json::Array DutiesOf(const json::Value& document, const json::Value& share) {
  json::Array list;
  for (const auto& [field, form] : MembersAt(share, "fields")) {
    const std::string word = form->is_object() && !form->get_object().empty()
                                 ? MembersAt(*form, "").front().first
                                 : TextAt(*form, "");
    if (word == "release") continue;
    list.push_back(
        json::Object{{"action", "urn:concordat:action:" + word},
                     {"target", fmt::format("urn:concordat:field:{}:{}", TextAt(share, "dataset"), field)}});
  }
  if (!ValueAt(share, "aggregate").is_null())
    list.push_back(json::Object{{"action", "aggregate"},
                                {"target", "urn:concordat:dataset:" + TextAt(share, "dataset")}});
  const std::string keep = TextAt(document, "retention.recipient");
  if (!keep.empty()) {
    list.push_back(json::Object{
        {"action", "delete"},
        {"constraint", json::Array{Constraint("elapsedTime", "lteq", Typed(keep, "xsd:duration"))}}});
  }
  return list;
}

}  // namespace

json::Value Odrl(const ExportSource& source) {
  const json::Value& document = source.document;
  json::Array permissions;
  json::Array prohibitions;
  for (const json::Value& share : EntriesAt(document, "shares")) {
    const std::string target = "urn:concordat:dataset:" + TextAt(share, "dataset");
    for (const std::string& from : TextsAt(share, "from")) {
      for (const std::string& to : TextsAt(share, "to")) {
        const std::string uid = fmt::format("urn:concordat:share:{}:{}:{}:{}:{}", TextAt(document, "id"),
                                            TextAt(document, "version"), TextAt(share, "id"), from, to);
        permissions.push_back(json::Object{{"uid", uid},
                                           {"assigner", PartnerIri(from)},
                                           {"assignee", PartnerIri(to)},
                                           {"target", target},
                                           {"action", "use"},
                                           {"constraint", ConstraintsOf(document, share)},
                                           {"duty", DutiesOf(document, share)}});
        for (const json::Value& prohibition : EntriesAt(document, "prohibitions")) {
          const std::string action = TextAt(prohibition, "action");
          prohibitions.push_back(
              json::Object{{"assigner", PartnerIri(from)},
                           {"assignee", PartnerIri(to)},
                           {"target", target},
                           {"action", action == "onward_sharing" ? std::string("distribute")
                                                                 : "urn:concordat:action:" + action}});
        }
      }
    }
  }
  json::Object policy{{"@context", "http://www.w3.org/ns/odrl.jsonld"},
                      {"@type", source.in_force ? "Agreement" : "Offer"},
                      {"uid", fmt::format("urn:concordat:protocol:{}:{}", TextAt(document, "id"),
                                          TextAt(document, "version"))},
                      {"profile", "urn:concordat:odrl-profile:1"},
                      {"conflict", "prohibit"},
                      {"permission", std::move(permissions)}};
  if (!prohibitions.empty()) policy["prohibition"] = std::move(prohibitions);
  policy["urn:concordat:term:digest"] = source.digest;
  return policy;
}

}  // namespace concordat::flows
