#include "host/policy/partnership.h"

#include <array>

#include "fmt/format.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

// Month and day of "04-01"; 29 February is no start of a year because most years lack it.
bool ReadMonthAndDay(std::string_view text, int& month, int& day) {
  const auto in_common_year = ParseDay(fmt::format("2025-{}", text));
  if (text.size() != 5 || !in_common_year) return false;
  month = (text[0] - '0') * 10 + (text[1] - '0');
  day = (text[3] - '0') * 10 + (text[4] - '0');
  return true;
}

Contact ReadContact(const Node& node, Issues& issues) {
  Fields fields(node, "contact", issues);
  Contact contact;
  contact.role = fields.Text("role");
  contact.post = fields.TextOr("post", "");
  contact.email = fields.TextOr("email", "");
  if (fields.Has("email") && !IsPlausibleEmail(contact.email)) {
    fields.Error("email", "bad-email", fmt::format("\"{}\" is not an e-mail address", contact.email),
                 "write it as name@organisation.example");
  }
  fields.Finish();
  return contact;
}

}  // namespace

Partnership ReadPartnership(const Node& document, Issues& issues) {
  Fields fields(document, "partnership", issues);
  ReadHeader(fields, "Partnership");
  Partnership partnership;
  partnership.place = document.place();
  partnership.id = ReadId(fields, "id");
  partnership.name = fields.Text("name");
  partnership.trust_domain = fields.Text("trustDomain");
  if (!partnership.trust_domain.empty() && !IsTrustDomain(partnership.trust_domain)) {
    fields.Error("trustDomain", "bad-trust-domain",
                 fmt::format("\"{}\" is not a trust domain", partnership.trust_domain),
                 "small letters, digits, - and . such as derwent.example, without spiffe://");
  }
  const std::string start = fields.TextOr("yearStart", "04-01");
  if (!ReadMonthAndDay(start, partnership.year_start_month, partnership.year_start_day)) {
    fields.Error("yearStart", "bad-year-start",
                 fmt::format("\"{}\" is not the month and day a year can begin on", start),
                 "write \"04-01\" for 1 April, in quotes");
  }
  partnership.confidence_template = fields.TextOr("confidenceTemplate", "");
  fields.Finish();
  return partnership;
}

Partner ReadPartner(const Node& document, Issues& issues) {
  Fields fields(document, "partner", issues);
  ReadHeader(fields, "Partner");
  Partner partner;
  partner.place = document.place();
  partner.id = PartnerId(ReadId(fields, "id"));
  if (partner.id.str() == "host") {
    fields.Error("id", "reserved-id", "the id \"host\" belongs to the administrators of the host",
                 "choose another id");
  }
  partner.name = fields.Text("name");
  partner.sector = fields.WordOr("sector", "", {"public", "private", "voluntary"});
  if (document.is_map() && !fields.Has("sector")) {
    fields.Error("", "missing-key", "the partner needs \"sector\"", "one of: public, private, voluntary");
  }
  partner.category = fields.Has("category") ? ReadId(fields, "category") : partner.sector;
  if (partner.category == "all") {
    fields.Error("category", "reserved-id", "\"all\" means every category", "choose another word");
  }
  for (const Node& contact : fields.Sequence("contacts").items())
    partner.contacts.push_back(ReadContact(contact, issues));
  fields.Finish();
  return partner;
}

}  // namespace concordat::policy
