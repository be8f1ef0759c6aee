#include "tests/protocols/raft/etcd_story.h"

#include <algorithm>
#include <sstream>

namespace seedbed::raft {

namespace {

std::string our_role(const std::string& theirs) {
  static const std::map<std::string, std::string> kNames = {
      {"StateLeader", "leader"},
      {"StateFollower", "follower"},
      {"StateCandidate", "candidate"},
      {"StatePreCandidate", "pre_candidate"},
      {"leader", "leader"},
      {"follower", "follower"},
      {"candidate", "candidate"},
      {"pre-candidate", "pre_candidate"},
  };
  return kNames.at(theirs);
}

/// Where they leave a number out, it is 0.
std::uint64_t number(const std::string& line, const std::string& label) {
  const std::string digits = number_after(line, label);
  return digits.empty() ? 0 : std::stoull(digits);
}

NodeId node(const std::string& line, const std::string& label) {
  return {static_cast<std::uint32_t>(number(line, label))};
}

}  // namespace

void add(Sent& sent, const std::string& message) {
  if (message.empty()) return;
  int& count = sent[message];
  count = message.find(kEntries) == message.npos ? count + 1 : 1;
}

std::string number_after(const std::string& line, const std::string& label) {
  const std::size_t at = line.find(label);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + label.size();
  const std::size_t end = std::min(line.find_first_not_of("0123456789", begin), line.size());
  return line.substr(begin, end - begin);
}

std::string word(const std::string& line, std::size_t n) {
  std::istringstream words(line);
  std::string text;
  for (std::size_t i = 0; i <= n; ++i) words >> text;
  return text;
}

std::uint32_t id_of(const std::string& text) {
  return static_cast<std::uint32_t>(std::stoul(text));
}

void TheirStory::forget() {
  known.clear();
  sent.clear();
}

void TheirStory::read(const testing::DataCase& c) {
  node_ = c.command == "stabilize" || c.words.empty() ? 0 : node(c.words[0], "").value;
  section_.clear();
  std::istringstream lines(c.expected);
  for (std::string line; std::getline(lines, line);) {
    read_line(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  }
}

void TheirStory::read_line(const std::string& line) {
  if (line.starts_with("INFO ")) return read_news(line);
  if (line.starts_with("> ")) node_ = node(line, "> ").value;
  if (line.starts_with("> ") || line.starts_with("Ready ")) section_.clear();
  Known& k = known[node_];
  if (line == "Messages:" || line == "Entries:" || line == "CommittedEntries:") {
    section_ = line;
  } else if (line.starts_with("Lead:")) {
    k.leader = node(line, "Lead:");
    k.role = our_role(line.substr(line.find("State:") + 6));
  } else if (line.starts_with("HardState ")) {
    k.term = number(line, "Term:");
    k.vote = node(line, "Vote:");
    k.commit = number(line, "Commit:");
  } else if (line.starts_with("Snapshot Index:")) {
    k.last = LogPosition{number(line, "Index:"), number(line, "Term:")};
  } else if (section_ == "Entries:" && line.find('/') != line.npos) {  // "1/3 EntryNormal"
    k.last = LogPosition{number(line, "/"), number(line, "")};
  } else if (section_ == "Messages:") {
    read_message(line);
  } else if (line.find(": State") != line.npos) {  // of raft-state and status
    Known& named = known[node(line, "").value];
    if (line.find("match=") != line.npos) return void(named.match = number(line, "match="));
    named.role = our_role(word(line, 1));
    named.votes = word(line, 2) == "(Voter)";
    named.term = number(line, "Term:");
    named.leader = node(line, "Lead:");
  }
}

/// "INFO 1 became leader at term 1", "INFO 1 switched to configuration voters=(1 2)".
void TheirStory::read_news(const std::string& line) {
  if (number_after(line, "INFO ").empty()) return;
  Known& k = known[node(line, "INFO ").value];
  if (word(line, 2) == "became") {
    k.role = our_role(word(line, 3));
    k.term = number(line, "at term ");
    if (k.role == "leader") k.leader = node(line, "INFO ");
  } else if (word(line, 2) == "switched") {
    k.members = line.substr(line.find("voters=") + 7);
    k.votes.reset();
  }
}

/// "1->2 MsgVote Term:1 Log:1/2".
void TheirStory::read_message(const std::string& line) {
  const std::string kind = word(line, 1);
  const bool entries =
      kind == "MsgSnap" || (kind == "MsgApp" && line.find("Entries:[") != line.npos);
  const bool vote = kind.find("Vote") != kind.npos && line.find("Rejected") == line.npos;
  if (entries || vote) {
    add(sent, word(line, 0) + " " + (vote ? kind : kEntries) + " " + word(line, 2));
  }
}

}  // namespace seedbed::raft
