# Benches of hw/watch.
$(call rtl,watch/watch_set,INSTRUMENTS=64 LINES=16)
$(call rtl,watch/watch_set,INSTRUMENTS=4096 LINES=2048)
# Benches of the window.
$(call rtl,watch/window,PROFILE=1 SCENARIOS=12 INSTRUMENTS=64 EXPIRIES=16 UNDERLYINGS=8 CLASSES=16 BRACKET_TABLES=8 ID_W=4)
$(call rtl,watch/window,PROFILE=2 SCENARIOS=16 INSTRUMENTS=16 EXPIRIES=32 UNDERLYINGS=16 CLASSES=4 BRACKET_TABLES=4 ID_W=2)
$(call rtl,watch/watch_evaluation,LANES=2 LINES=16)
