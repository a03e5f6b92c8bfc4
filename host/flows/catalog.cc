#include "host/flows/catalog.h"

namespace concordat::flows {
namespace {

json::Object FieldJson(const data::Field& field) {
  return {
      {"name", field.name},
      {"type", json::Value(boost::json::string(data::LogicalTypeName(field.type)))},
      {"classification", json::Value(boost::json::string(data::ClassificationName(field.classification)))}};
}

}  // namespace

json::Object AdapterJson(const adapters::Catalog& catalog, const adapters::Manifest& manifest) {
  json::Array formats;
  for (const std::string& format : manifest.formats) formats.emplace_back(format);
  json::Array options;
  for (const adapters::ManifestOption& option : manifest.options) {
    options.push_back(json::Object{{"name", option.name},
                                   {"type", option.type},
                                   {"default", option.default_value},
                                   {"description", option.description}});
  }
  json::Array rules;
  for (const adapters::ManifestRule& rule : manifest.rules)
    rules.push_back(json::Object{{"id", rule.id}, {"description", rule.description}});
  json::Object entry{{"name", manifest.name},
                     {"version", manifest.version},
                     {"description", manifest.description},
                     {"digest", manifest.digest},
                     {"formats", std::move(formats)},
                     {"options", std::move(options)},
                     {"rules", std::move(rules)},
                     {"abi", json::Object{{"min", manifest.abi_min}, {"max", manifest.abi_max}}},
                     {"trust", json::Value(boost::json::string(WordOf(manifest.trust)))},
                     {"inUse", catalog.Find(manifest.name) == &manifest}};
  if (!manifest.signature.key.empty()) entry["signedWith"] = manifest.signature.key;
  if (!manifest.unfit.empty()) entry["unfit"] = manifest.unfit;
  return entry;
}

json::Array RefusedJson(const adapters::Catalog& catalog) {
  json::Array list;
  for (const adapters::RefusedAdapter& refused : catalog.refused()) {
    list.push_back(json::Object{{"name", refused.name},
                                {"version", refused.version},
                                {"folder", refused.folder},
                                {"state", "refused"},
                                {"why", refused.why}});
  }
  return list;
}

json::Value PartnersJson(const HostParts& host) {
  json::Array list;
  for (const policy::Partner& partner : host.policies->Get()->set->partners) {
    list.push_back(
        json::Object{{"id", partner.id.str()}, {"name", partner.name}, {"sector", partner.sector}});
  }
  return list;
}

json::Value DatasetsJson(const policy::PolicySet& set) {
  json::Array list;
  for (const policy::Contract& contract : set.contracts) {
    for (const policy::ContractObject& object : contract.objects) {
      json::Array fields;
      for (const data::Field& field : object.schema->fields) fields.push_back(FieldJson(field));
      const std::string id = contract.objects.size() == 1 ? contract.name : contract.name + "/" + object.name;
      list.push_back(json::Object{{"id", id},
                                  {"version", contract.version},
                                  {"title", contract.title},
                                  {"digest", contract.digest},
                                  {"fields", std::move(fields)},
                                  {"rules", object.rules.size()}});
    }
  }
  return list;
}

json::Value FeedsJson(const HostParts& host) {
  json::Array list;
  for (const policy::Feed& feed : host.policies->Get()->set->feeds) {
    json::Object entry{{"id", feed.id.str()},
                       {"partner", feed.partner.str()},
                       {"dataset", feed.dataset().str()},
                       {"adapter", feed.adapter}};
    if (feed.schedule) {
      entry["every"] = feed.schedule->every.text;
      entry["due"] = feed.schedule->due.text;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

json::Value AdaptersJson(const adapters::Catalog& catalog) {
  json::Array list;
  for (const adapters::Manifest& manifest : catalog.all()) list.push_back(AdapterJson(catalog, manifest));
  for (json::Value& refused : RefusedJson(catalog)) list.push_back(std::move(refused));
  return list;
}

}  // namespace concordat::flows
