# Benches of the distributor and the row store, in tests/rtl/sweep.
$(call rtl,sweep/distributor,LANES=1)
$(call rtl,sweep/distributor,LANES=3)
$(call rtl,sweep/distributor,LANES=8)
$(call rtl,sweep/row_store,PROFILE=1 SCENARIOS=40 INSTRUMENTS=32 LANES=2)
$(call rtl,sweep/row_store,PROFILE=2 SCENARIOS=16 INSTRUMENTS=128 LANES=2)
$(call rtl,sweep/row_store,PROFILE=2 SCENARIOS=16 INSTRUMENTS=32 LANES=1)
