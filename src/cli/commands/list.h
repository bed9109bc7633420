/* list.h - every command there is; each is defined in a file of its noun */
#ifndef CLI_COMMANDS_LIST_H
#define CLI_COMMANDS_LIST_H

#include "cli/command.h"

extern const struct command command_init, command_doctor;
extern const struct command command_config_list, command_config_get, command_config_path;
extern const struct command command_shop_add, command_shop_login, command_shop_list,
    command_shop_test, command_shop_remove, command_shop_reseal;
extern const struct command command_tree_sync, command_tree_show, command_tree_search,
    command_tree_diff, command_tree_impact, command_tree_history, command_tree_export;
extern const struct command command_product_add, command_product_edit,
    command_product_list, command_product_show, command_product_remove,
    command_product_import, command_product_export;
extern const struct command command_map_run, command_map_suggest, command_map_review,
    command_map_approve, command_map_reject, command_map_none, command_map_undo,
    command_map_history, command_map_export, command_map_import, command_map_carry,
    command_map_rules, command_map_share, command_map_status, command_map_list;
extern const struct command command_listing_check;
extern const struct command command_model_train, command_model_eval, command_model_info;
extern const struct command command_label_import, command_label_list, command_label_show,
    command_label_export, command_label_remove;
extern const struct command command_job_list, command_job_show, command_job_items;
extern const struct command command_sandbox_start, command_sandbox_evolve,
    command_sandbox_fault, command_sandbox_log, command_sandbox_trigger,
    command_sandbox_expire;
extern const struct command command_db_status, command_db_check, command_db_backup,
    command_db_migrate, command_db_copy;
extern const struct command command_user_add, command_user_list, command_user_password,
    command_user_role, command_user_remove;
extern const struct command command_token_add, command_token_list, command_token_revoke;
extern const struct command command_work_add, command_work_list, command_work_retry,
    command_work_drop, command_worker, command_top;
extern const struct command command_serve, command_test_routes;
extern const struct command command_db_prune, command_db_restore;
extern const struct command command_test_sign, command_test_match, command_test_image,
    command_test_csv;
extern const struct command command_tree_requirements, command_shop_brands;
extern const struct command command_listing_publish, command_listing_draft,
    command_listing_edit, command_listing_status, command_listing_list,
    command_listing_activate, command_listing_deactivate, command_listing_delete,
    command_listing_recover, command_listing_pull, command_listing_upgrade;
extern const struct command command_attribute_open, command_attribute_list,
    command_attribute_set, command_attribute_unset, command_attribute_import,
    command_attribute_undo;
extern const struct command command_image_check, command_image_fix, command_image_push;
extern const struct command command_hook_list, command_hook_apply;
extern const struct command command_help, command_man, command_completion,
    command_version;

#endif
