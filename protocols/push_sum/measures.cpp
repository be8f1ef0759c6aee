#include "protocols/push_sum/measures.h"

namespace seedbed::push_sum {

void Rounds::look(const World& world, NodeId touched) {
  if (!touched || touched.value > world.servers()) return;
  const ProcessBase* process = world.process(touched);
  if (process == nullptr) return;
  const auto& s = static_cast<const Summer&>(*process);
  if (total_ == Mass{}) {
    for (std::uint32_t id = 1; id <= world.servers(); ++id) {
      total_ = total_ + Summer::initial(s.parameters(), {id});
    }
  }
  const bool near = is_near(s);
  if ((near_[touched] != 0) == near) return;
  near_[touched] = near;
  how_many_ += near ? 1U : ~0U;
  if (how_many_ < world.servers()) return;
  constexpr std::int64_t kOne = 1'000'000'000;
  value_ = (world.now() - Time{}).count() / s.parameters().cycle.count() * kOne;
}

/// |s/w - S/W| <= 1 % of S/W, without a division.
bool Rounds::is_near(const Summer& s) const {
  const Mass held = s.state().held;
  if (held.weight <= 0) return false;
  const Int128 found = Int128{held.sum} * (total_.weight >> 16);
  const Int128 wanted = Int128{total_.sum >> 16} * held.weight;
  const Int128 off = found < wanted ? wanted - found : found - wanted;
  return off * 100 <= wanted;
}

}  // namespace seedbed::push_sum
