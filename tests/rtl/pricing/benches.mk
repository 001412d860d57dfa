# Benches of hw/pricing.
$(call rtl,pricing/multipliers,SEED=1 WIDE=26 NARROW=17)
$(call rtl,pricing/multipliers,SEED=2 WIDE=17 NARROW=17)
$(call rtl,pricing/roms,PROFILE=1)
$(call rtl,pricing/roms,PROFILE=2)
$(call rtl,pricing/shocks,PROFILE=1)
$(call rtl,pricing/shocks,PROFILE=2)
$(call rtl,pricing/pl_pricing,PROFILE=1)
$(call rtl,pricing/pl_pricing,PROFILE=2)
