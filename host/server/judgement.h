// The message of a judgement from its JSON document, so that both always say the same.
#pragma once

#include "concordat/v1/submission.pb.h"
#include "host/base/json.h"

namespace concordat::server {

v1::Judgement JudgementMessage(const json::Object& result, const json::Value& receipt);

}  // namespace concordat::server
