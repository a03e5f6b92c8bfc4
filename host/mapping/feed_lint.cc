#include "host/mapping/feed_lint.h"

#include "host/mapping/conversion.h"

namespace concordat::mapping {

void LintFeeds(const policy::PolicySet& policies, Issues& issues) {
  for (const policy::Feed& feed : policies.feeds) {
    const policy::ContractObject* object = policies.FindDataset(feed.dataset()).second;
    if (object == nullptr)
      continue;  // reported where the files of the set are compared, as unknown fields are
    for (const policy::FieldMapping& mapping : feed.mapping) {
      const auto index = object->schema->Find(mapping.field);
      if (!index) continue;
      const auto conversion = Conversion::Create(object->schema->fields[*index], mapping);
      if (!conversion.ok())
        issues.Error(mapping.place, "bad-mapping", std::string(MessageOf(conversion.status())));
    }
  }
}

}  // namespace concordat::mapping
