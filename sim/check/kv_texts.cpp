#include "sim/check/kv_texts.h"

#include <algorithm>
#include <map>
#include <set>

namespace seedbed {

namespace {

/// Texts as nodes of a tree: one that was put, or the first one, and what was appended to it.
class TextTree {
 public:
  struct Edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };
  /// One text that was appended: by whom, and where it was got.
  struct Appended {
    std::vector<std::uint32_t> calls;
    std::vector<Edge> edges;
  };

  TextTree(const TextCell& model, TextCell::Calls calls) : texts_(model.texts) {
    root_of(model.initial);
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      const Act& act = *calls[i].op;
      const std::string_view text = texts_[act.x];
      plain_ &= act.code != TextCell::kCas;
      if (act.code == TextCell::kPut) {
        const std::uint32_t before = count_;
        root_of(text);
        puts_differ_ &= count_ > before;
      } else if (act.code == TextCell::kAppend) {
        plain_ &= !text.empty();
        auto& appended = appends_[text];
        appends_differ_ &= appended.calls.empty();
        appended.calls.push_back(i);
        append_sizes_.insert(text.size());
      }
    }
  }

  /// Everything got so far can be told to be of this register.
  bool plain() const { return plain_; }
  bool appends_differ() const { return appends_differ_; }
  bool puts_differ() const { return puts_differ_; }
  const std::map<std::string_view, Appended>& appends() const { return appends_; }

  std::uint32_t root_of(std::string_view text) {
    const auto [at, is_new] = roots_.emplace(text, count_);
    if (is_new) ++count_;
    root_sizes_.insert(text.size());
    return at->second;
  }
  /// A text that nobody gets.
  std::uint32_t nothing() { return count_++; }

  /// The node of a text that was got: one of its own if it cannot be put together, none if it can
  /// in several ways.
  std::optional<std::uint32_t> node_of(std::string_view text) {
    const auto [at, is_new] = got_.emplace(text, std::nullopt);
    if (is_new) at->second = find_node(text);
    return at->second;
  }

 private:
  std::optional<std::uint32_t> find_node(std::string_view text) {
    // Of each place: in how many ways one comes there (2: more than one), and how long the last
    // append was (0: there is none).
    std::vector<std::uint8_t> ways(text.size() + 1, 0);
    std::vector<std::size_t> last(text.size() + 1, 0);
    for (const std::size_t size : root_sizes_) {
      if (size <= text.size() && roots_.contains(text.substr(0, size))) ways[size] = 1;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (ways[at] == 0) continue;
      for (const std::size_t size : append_sizes_) {
        if (at + size > text.size()) break;
        if (!appends_.contains(text.substr(at, size))) continue;
        auto& more = ways[at + size];
        more = static_cast<std::uint8_t>(std::min(2, more + ways[at]));
        last[at + size] = size;
      }
    }
    if (ways[text.size()] == 0) return count_++;
    if (ways[text.size()] > 1) return std::nullopt;
    // At no place of the one way to the end is there another way.
    std::vector<std::string_view> path;
    std::size_t at = text.size();
    for (; last[at] > 0; at -= last[at]) path.push_back(text.substr(at - last[at], last[at]));
    std::uint32_t node = roots_.find(text.substr(0, at))->second;
    for (auto append = path.rbegin(); append != path.rend(); ++append) {
      const auto [child, is_new] = children_.emplace(std::pair(node, *append), count_);
      if (is_new) appends_.find(*append)->second.edges.push_back({node, count_++});
      node = child->second;
    }
    return node;
  }

  const std::vector<std::string_view>& texts_;
  bool plain_ = true;
  bool appends_differ_ = true;
  bool puts_differ_ = true;
  std::uint32_t count_ = 0;
  std::map<std::string_view, std::uint32_t> roots_;
  std::set<std::size_t> root_sizes_;
  std::map<std::string_view, Appended> appends_;
  std::set<std::size_t> append_sizes_;
  std::map<std::string_view, std::optional<std::uint32_t>> got_;
  std::map<std::pair<std::uint32_t, std::string_view>, std::uint32_t> children_;
};

/// The appends of one text, as compare-and-sets where it was got.
void add_appends(const TextTree::Appended& appended, TextCell::Calls calls, const TextTree& tree,
                 std::uint32_t nothing, RegisterCalls& same) {
  std::uint64_t invoked = Call<Act>::kNever;
  std::uint64_t returned = 0;
  for (const std::uint32_t i : appended.calls) {
    invoked = std::min(invoked, calls[i].invoked);
    returned = std::max(returned, calls[i].returned);
  }
  const auto add = [&](std::size_t k, Act act, std::uint64_t end) {
    same.acts.push_back(act);
    same.calls.push_back({nullptr, invoked, end});
    same.source.push_back(appended.calls[k]);
  };
  if (appended.edges.empty()) add(0, {RegisterCells::kWrite, Act::kNone, nothing}, returned);
  // Where the same text may come again, so may what was appended to it.
  const bool often = !tree.appends_differ() && !tree.puts_differ();
  for (std::size_t k = 0; k < appended.calls.size(); ++k) {
    for (std::size_t e = often ? 0 : k; e < (often ? appended.edges.size() : k + 1); ++e) {
      if (e >= appended.edges.size()) break;
      const auto [from, to] = appended.edges[e];
      add(k, {RegisterCells::kCas, from, to}, often ? Call<Act>::kNever : returned);
    }
  }
}

}  // namespace

std::optional<RegisterCalls> TextCell::as_register(Calls calls) const {
  TextTree tree(*this, calls);
  if (!tree.plain()) return std::nullopt;
  RegisterCalls same{{tree.root_of(initial)}, {}, {}, {}, !tree.appends_differ()};
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    const Act& act = *calls[i].op;
    const bool returned = calls[i].returned != Call<Act>::kNever;
    if (act.code == kAppend || (act.code == kGet && !returned)) continue;
    const std::optional<std::uint32_t> node =
        act.code == kPut ? tree.root_of(texts[act.x]) : tree.node_of(texts[act.x]);
    same.relaxed |= !node;
    if (!node) continue;
    same.acts.push_back(act.code == kPut ? Act{RegisterCells::kWrite, Act::kNone, *node}
                                         : Act{RegisterCells::kRead, *node, 0});
    same.calls.push_back({nullptr, calls[i].invoked, calls[i].returned});
    same.source.push_back(i);
  }
  const std::uint32_t nothing = tree.nothing();
  for (const auto& [text, appended] : tree.appends()) {
    add_appends(appended, calls, tree, nothing, same);
  }
  for (std::size_t i = 0; i < same.calls.size(); ++i) same.calls[i].op = &same.acts[i];
  return same;
}

std::vector<bool> TextCell::unseen(Calls calls) const {
  std::vector<bool> unseen(calls.size(), false);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Act& act = *calls[i].op;
    if (act.code != kPut && act.code != kAppend) continue;
    unseen[i] = std::none_of(calls.begin(), calls.end(), [&](const Call<Act>& other) {
      const bool compares = other.op->code == kGet || other.op->code == kCas;
      return compares && texts[other.op->x].find(texts[act.x]) != std::string_view::npos;
    });
  }
  return unseen;
}

TextCell::State TextCell::after(std::span<const std::uint32_t> order, Calls calls) const {
  State state = initial;
  for (const std::uint32_t i : order) {
    const Act& act = *calls[i].op;
    if (act.code == kPut) state.clear();
    if (act.code == kPut || act.code == kAppend) state += texts[act.x];
  }
  return state;
}

}  // namespace seedbed
