#include "host/flows/access_request.h"

namespace concordat::flows {

sharing::AccessRequest AccessOf(const ExchangeRequest& request, absl::Time now) {
  sharing::AccessRequest access;
  access.partner = request.caller.partner;
  access.role = request.caller.role;
  access.user = request.caller.name;
  access.dataset = request.dataset;
  access.protocol = request.protocol;
  access.purpose = request.purpose;
  access.form = request.form;
  access.select = request.select;
  access.where = request.where;
  access.time = now;
  access.emergency = request.emergency;
  for (const auto& [name, value] : request.attributes) access.attributes[name] = expr::Value{value};
  return access;
}

}  // namespace concordat::flows
