#include "sim/world/kv_store.h"

#include <algorithm>

namespace seedbed::kv {

Value Store::read(Key key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? kNil : found->second;
}

std::optional<Reply> Store::answer_to(const RequestId& id) const {
  const auto session = sessions_.find(id.client);
  if (session == sessions_.end()) return std::nullopt;
  const auto answer = session->second.answers.find(id.sequence);
  if (answer == session->second.answers.end()) return std::nullopt;
  return answer->second;
}

std::optional<Reply> Store::apply(const Request& request) {
  Session& session = sessions_[request.id.client];
  if (request.lowest_open > session.lowest_open) {
    session.lowest_open = request.lowest_open;
    session.answers.erase(session.answers.begin(),
                          session.answers.lower_bound(request.lowest_open));
  }
  if (request.id.sequence < session.lowest_open) return std::nullopt;
  const auto [answer, is_new] = session.answers.try_emplace(request.id.sequence);
  if (is_new) answer->second = execute(request);
  return answer->second;
}

Reply Store::execute(const Request& request) {
  const Command& command = request.command;
  Reply reply{request.id, Outcome::kDone, read(command.key), kNobody};
  switch (command.function) {
    case Function::kRead: break;
    case Function::kWrite: values_[command.key] = command.value; break;
    case Function::kCas:
      if (reply.value == command.expected) {
        values_[command.key] = command.value;
      } else {
        reply.outcome = Outcome::kMismatch;
      }
      break;
  }
  return reply;
}

}  // namespace seedbed::kv
