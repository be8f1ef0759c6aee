#include "sim/world/kv_store.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace seedbed::kv {

Value Store::read(Key key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? kNil : found->second;
}

template <class Answers>
auto Store::place_of(Answers& answers, std::uint64_t sequence) {
  auto place = answers.end();
  while (place != answers.begin() && std::prev(place)->id.sequence >= sequence) --place;
  return place;
}

std::optional<Reply> Store::answer_to(const Request& request) const {
  const auto sessions = sessions_.find(request.id.client.value);
  if (sessions == sessions_.end()) return std::nullopt;
  const auto session = sessions->second.find(request.session);
  if (session == sessions->second.end()) return std::nullopt;
  const auto& answers = session->second.answers;
  const auto place = place_of(answers, request.id.sequence);
  if (place == answers.end() || place->id.sequence != request.id.sequence) return std::nullopt;
  return *place;
}

std::optional<Reply> Store::apply(const Request& request, Duration now) {
  auto& sessions = sessions_[request.id.client.value];
  if (request.session != kNoSession && !sessions.contains(request.session)) {
    return Reply{request.id, Outcome::kExpired};
  }
  Session& session = sessions[request.session];
  auto& answers = session.answers;
  session.last_active = now;
  if (request.lowest_open > session.lowest_open) {
    session.lowest_open = request.lowest_open;
    answers.erase(answers.begin(), place_of(answers, request.lowest_open));
  }
  if (request.id.sequence < session.lowest_open) return std::nullopt;
  const auto place = place_of(answers, request.id.sequence);
  if (place != answers.end() && place->id.sequence == request.id.sequence) return *place;
  const auto [held, outcome] = execute(request.command);
  Reply& answer = *answers.emplace(place);
  answer.id = request.id;
  answer.outcome = outcome;
  answer.value = held;
  return Reply{request.id, outcome, held, kNobody};  // to read it back now would stall
}

void Store::open_session(NodeId client, SessionId session, Duration now) {
  sessions_[client.value][session].last_active = now;
}

void Store::expire_sessions(Duration deadline) {
  for (auto& [client, sessions] : sessions_) {
    sessions.erase_if([&](const auto& item) {
      return item.first != kNoSession && item.second.last_active < deadline;
    });
  }
}

Store::Store(const std::vector<Record>& image) {
  Session* session = nullptr;
  for (const Record& r : image) {
    switch (r.kind) {
      case Record::Kind::kValue: values_[r.key] = r.value; break;
      case Record::Kind::kSession:
        session = &sessions_[r.client.value][r.session];
        session->lowest_open = r.lowest_open;
        session->last_active = r.last_active;
        break;
      case Record::Kind::kAnswer:
        SEEDBED_ASSERT(session != nullptr, "an answer of no session in a store's image");
        session->answers.push_back(r.answer);
        break;
    }
  }
}

std::vector<Record> Store::image() const {
  std::vector<Record> image;
  for (const auto& [key, value] : values_) image.push_back({.key = key, .value = value});
  for (const auto& [client, sessions] : sessions_) {
    for (const auto& [name, session] : sessions) {
      image.push_back({.kind = Record::Kind::kSession,
                       .client = {client},
                       .session = name,
                       .lowest_open = session.lowest_open,
                       .last_active = session.last_active});
      for (const Reply& answer : session.answers) {
        image.push_back({.kind = Record::Kind::kAnswer, .answer = answer});
      }
    }
  }
  return image;
}

/// Nobody can guess which function comes next: there is nothing to branch on.
Store::Effect Store::execute(const Command& command) {
  const auto found = values_.find(command.key);
  const Value held = found == values_.end() ? kNil : found->second;
  const bool cas = command.function == Function::kCas;
  const bool mismatch = cas & (held != command.expected);
  const bool writes = (command.function != Function::kRead) & !mismatch;
  if (found != values_.end()) {
    found->second = writes ? command.value : held;
  } else if (writes) {
    values_[command.key] = command.value;
  }
  return {held, mismatch ? Outcome::kMismatch : Outcome::kDone};
}

}  // namespace seedbed::kv
