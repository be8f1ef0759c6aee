#include "protocols/swim/gossip.h"

#include <algorithm>

namespace seedbed::swim {

void Gossip::sort() {
  std::sort(rumours_.begin(), rumours_.end(), [](const Rumour& a, const Rumour& b) {
    return a.sent != b.sent ? a.sent < b.sent : a.turn < b.turn;
  });
}

void Gossip::add(const Update& update) {
  std::erase_if(rumours_, [&](const Rumour& r) { return r.update.member == update.member; });
  rumours_.push_back({update, 0, next_turn_++});
  sort();
}

News Gossip::take(std::uint32_t most, std::uint32_t limit) {
  News news;
  if (rumours_.empty()) return news;
  const std::size_t count = std::min<std::size_t>(most, rumours_.size());
  for (std::size_t i = 0; i < count; ++i) {
    news.push_back(rumours_[i].update);
    ++rumours_[i].sent;
    rumours_[i].turn = next_turn_++;
  }
  std::erase_if(rumours_, [&](const Rumour& r) { return r.sent >= limit; });
  sort();
  return news;
}

}  // namespace seedbed::swim
