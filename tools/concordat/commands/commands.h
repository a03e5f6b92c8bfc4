// The visible list of commands: a function a noun, each in its own file.
#pragma once

#include "tools/concordat/context.h"

namespace concordat::cli {

void AddCheck(CLI::App& app, Context& context);
void AddSubmit(CLI::App& app, Context& context);
void AddSubmission(CLI::App& app, Context& context);
void AddExchange(CLI::App& app, Context& context);
void AddExplain(CLI::App& app, Context& context);
void AddFeed(CLI::App& app, Context& context);
void AddCatalog(CLI::App& app, Context& context);
void AddProfile(CLI::App& app, Context& context);
void AddContract(CLI::App& app, Context& context);
void AddProtocol(CLI::App& app, Context& context);
void AddAssess(CLI::App& app, Context& context);
void AddQuality(CLI::App& app, Context& context);
void AddReport(CLI::App& app, Context& context);
void AddPolicy(CLI::App& app, Context& context);
void AddAdapter(CLI::App& app, Context& context);
void AddAudit(CLI::App& app, Context& context);
void AddReceipt(CLI::App& app, Context& context);
void AddPki(CLI::App& app, Context& context);
void AddPartner(CLI::App& app, Context& context);
void AddHost(CLI::App& app, Context& context);
void AddExpr(CLI::App& app, Context& context);
void AddDue(CLI::App& app, Context& context);
void AddRectify(CLI::App& app, Context& context);
void AddDispute(CLI::App& app, Context& context);
void AddInbox(CLI::App& app, Context& context);
void AddCompletion(CLI::App& app, Context& context);

/// 0 accept, 1 reject (with strict also quarantine), 2 when it could not be evaluated.
int ExitCodeOfJudgement(const json::Value& result, bool strict);

}  // namespace concordat::cli
