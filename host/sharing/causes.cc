#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

const std::vector<Cause>& Causes() {
  static const std::vector<Cause> kCauses = {
      {"no_protocol", "no protocol of that name, or none of its shares covers the dataset"},
      {"not_adopted", "a party whose signature is needed has not signed this text of the protocol"},
      {"not_in_force", "the protocol has not begun, has ended, or a signature was revoked"},
      {"review_overdue", "the protocol's review is overdue and its days of grace are over"},
      {"not_a_party", "the asking partner is no party of the protocol, or the share is not meant for them"},
      {"purpose", "the data is asked for another purpose than the protocol's"},
      {"role", "the asking person's role may not have the data; another role may"},
      {"form", "records are asked for where an aggregate was agreed, or the other way round"},
      {"field_not_shared", "a field is asked for that the share does not list"},
      {"where_not_released", "where names a field that is not released to the asking partner"},
      {"quality",
       "a submission whose rows would leave, or the self-assessment of who gives them, is below the share's "
       "quality condition"},
      {"evidence_stale",
       "a submission whose rows would leave, or the self-assessment of who gives them, is older than the "
       "share's max_age"},
      {"condition_false", "the share's when does not hold for this request"},
      {"condition_failed",
       "a condition could not be evaluated: an attribute is missing or of the wrong type"},
      {"drifted",
       "a shared dataset's contract has changed since the parties signed, so that a field is another"},
      {"emergency", "the protocol allows no emergency, or not to this person, or it has lasted its time"},
      {"differencing", "together with what left before, the release would show what was suppressed"},
      {"duty_unavailable", "a duty of the share cannot be carried out by this host"},
      {"duty_violated", "a duty was carried out, and the check of its outcome failed"},
      {"data_unavailable",
       "the records, or what the host remembers of earlier releases, cannot be read whole"},
      {"key_unavailable", "the protocol's pseudonym key is not there"},
      {"audit_unavailable", "the audit log cannot take the receipt, and nothing leaves without one"},
  };
  return kCauses;
}

}  // namespace concordat::sharing
