# bash completion for plimsoll(1)
_plimsoll()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local options='--format --help'
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W \
            'check eval replay compare backtest explain distance simulate watch journal devices --help --version' -- "$current")
        return
    fi
    if [[ $command == journal ]]; then
        command="journal ${COMP_WORDS[2]}"
        if ((COMP_CWORD == 2)); then
            mapfile -t COMPREPLY < <(compgen -W 'show verify replay' -- "$current")
            return
        fi
    fi
    if [[ $current == : || $previous == : ]]; then # bash splits words at colons: model:profile=small
        [[ $previous == : ]] || current=
        if [[ ${COMP_WORDS[*]} == *' pci '* ]]; then # so it does addresses: 0000:3b:00.0
            local typed=${COMP_LINE##*pci:}
            mapfile -t COMPREPLY < <(compgen -W "$(command ls /sys/bus/pci/devices 2>/dev/null)" -- "$typed")
            COMPREPLY=("${COMPREPLY[@]#"${typed%"${typed##*:}"}"}")
            return
        fi
        mapfile -t COMPREPLY < <(compgen -W 'profile=full profile=small' -- "$current")
        return
    fi
    case $previous in
    --format) mapfile -t COMPREPLY < <(compgen -W 'table json csv' -- "$current") ;;
    --rows) mapfile -t COMPREPLY < <(compgen -W 'ticks crossings' -- "$current") ;;
    --device) mapfile -t COMPREPLY < <(compgen -W 'cpu: model: opencl: sim: pci:' -- "$current") && compopt -o nospace ;;
    --report) mapfile -t COMPREPLY < <(compgen -d -- "$current") && compopt -o filenames ;;
    --kind)
        mapfile -t COMPREPLY < <(compgen -W 'load commit submit names venue given input verdict action acknowledged' -- "$current") ;;
    --model | --with | --journal) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames ;;
    --tick | --account | --beta | --hours | --accounts | --every | --from | --ticks | --pause | --head | --since | --until) ;;
    --policy | --compare) mapfile -t COMPREPLY < <(compgen -W 'default market half' -- "$current") ;;
    --spread | --impact | --volume | --fund) ;;
    *)
        if [[ $current != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            compopt -o filenames
            return
        fi
        case $command in
        check) options+=' --device --model --rules' ;;
        eval) options+=' --device --model --tick --with --report' ;;
        replay) options+=' --device --model --report --rows --budget --journal' ;;
        'journal show') options+=' --account --kind --since --until' ;;
        'journal verify') options+=' --head' ;;
        'journal replay') options+=' --device' ;;
        compare) options+=' --device --tick' ;;
        backtest) options+=' --device --model' ;;
        explain) options+=' --device --model --tick --account' ;;
        distance) options+=' --device --model --tick --account --beta --hours' ;;
        simulate) options+=' --device --model --report --policy --compare --spread --impact --volume --fund --no-breakers --journal' ;;
        watch) options='--account --accounts --every --by --from --ticks --pause --plain --device --model --help' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        ;;
    esac
}
complete -F _plimsoll plimsoll
