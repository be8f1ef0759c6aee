// The `membership` service: a member is asked whom it believes to be up, itself included. SWIM and
// heartbeats with failure detectors serve it; what they believe is judged against who was up.
//
//   void on(Context& ctx, const Envelope& from, const membership::ViewRequest& m) {
//     ctx.reply(from, membership::ViewReply{m.sequence, members()});
//   }
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"

namespace seedbed::membership {

struct ViewRequest {
  static constexpr auto kName = "ViewRequest";
  std::uint64_t sequence = 0;  // the client's; the reply repeats it
  constexpr void describe(auto& d) const { d("sequence", sequence); }
};

struct ViewReply {
  static constexpr auto kName = "ViewReply";
  std::uint64_t sequence = 0;
  std::vector<NodeId> members;  // by rising id
  constexpr void describe(auto& d) const { d("sequence", sequence)("members", members); }
};

}  // namespace seedbed::membership
