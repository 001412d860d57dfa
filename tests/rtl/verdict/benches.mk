# Benches of hw/verdict.
$(call rtl,verdict/collector,LANES=1 PROFILE=1 ORDERS=4096 DRAIN=0)
$(call rtl,verdict/collector,LANES=3 PROFILE=2 ORDERS=8 DRAIN=1)
$(call rtl,verdict/collector,LANES=8 PROFILE=1 ORDERS=4096 DRAIN=1)
