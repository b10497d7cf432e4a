import agencies.fields
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', agencies.fields.Line(max_length=120, verbose_name='họ và tên')),
                ('position', agencies.fields.Line(blank=True, max_length=120, verbose_name='chức vụ')),
                ('phone', agencies.fields.Line(blank=True, max_length=30, verbose_name='điện thoại')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'tài khoản',
                'verbose_name_plural': 'tài khoản',
                'ordering': ['username'],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='mã')),
                ('name', agencies.fields.Line(max_length=200, verbose_name='tên đầy đủ')),
                ('short_name', agencies.fields.Line(max_length=80, verbose_name='tên ngắn')),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=agencies.fields.Line(max_length=200), blank=True, default=list, size=None, verbose_name='tên gọi khác')),
                ('abbreviation', agencies.fields.Line(blank=True, max_length=40, verbose_name='chữ viết tắt trong số, ký hiệu')),
                ('valid_from', models.DateField(verbose_name='tồn tại từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết trước ngày')),
                ('requires_approval', models.BooleanField(default=False, verbose_name='báo cáo phải được lãnh đạo đơn vị duyệt')),
                ('protocol_order', models.PositiveSmallIntegerField(default=100, verbose_name='thứ tự')),
                ('folded', agencies.fields.Folded('name', 'short_name', 'code', 'aliases')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='children', to='agencies.agency', verbose_name='trực thuộc')),
            ],
            options={
                'verbose_name': 'cơ quan',
                'verbose_name_plural': 'cơ quan',
                'ordering': ['protocol_order', 'code'],
                'permissions': [('view_work', 'Xem nhiệm vụ, báo cáo của cơ quan'), ('record_progress', 'Cập nhật tiến độ, ghi nhận hoạt động'), ('submit_report', 'Trình, nộp báo cáo'), ('approve_report', 'Duyệt báo cáo của cơ quan'), ('view_agency_record', 'Xem nhật ký của cơ quan')],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='agency_dates_in_order'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='agency_not_its_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='Council',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='mã')),
                ('name', agencies.fields.Line(max_length=200, verbose_name='tên')),
                ('short_name', agencies.fields.Line(help_text='Ví dụ: thành phố Cần Thơ', max_length=80, verbose_name='tên ngắn')),
                ('place', agencies.fields.Line(help_text='Ghi trên văn bản, ví dụ: Cần Thơ', max_length=80, verbose_name='địa danh')),
                ('parent_body', agencies.fields.Line(help_text='Ví dụ: Ủy ban nhân dân thành phố Cần Thơ', max_length=200, verbose_name='cơ quan chủ quản')),
                ('chair_name', agencies.fields.Line(blank=True, max_length=120, verbose_name='Chủ tịch Hội đồng')),
                ('standing_vice_chair_name', agencies.fields.Line(blank=True, max_length=120, verbose_name='Phó Chủ tịch Thường trực')),
                ('standing_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='agencies.agency', verbose_name='cơ quan thường trực')),
            ],
            options={
                'verbose_name': 'hội đồng',
                'verbose_name_plural': 'hội đồng',
                'ordering': ['code'],
                'permissions': [('view_council_work', 'Xem mọi kế hoạch, nhiệm vụ, báo cáo của hội đồng'), ('view_summary', 'Xem tổng quan'), ('manage_plans', 'Lập, nhập và điều chỉnh kế hoạch'), ('coordinate_periods', 'Mở, khóa, mở lại kỳ báo cáo'), ('review_reports', 'Tiếp nhận, trả lại báo cáo'), ('consolidate', 'Tổng hợp, xuất và phát hành báo cáo'), ('manage_agencies', 'Quản lý cơ quan'), ('manage_accounts', 'Quản lý tài khoản và vai trò'), ('view_council_record', 'Xem nhật ký của hội đồng')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AgencyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='mã')),
                ('name', agencies.fields.Line(max_length=200, verbose_name='tên đầy đủ')),
                ('short_name', agencies.fields.Line(max_length=80, verbose_name='tên ngắn')),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=agencies.fields.Line(max_length=200), blank=True, default=list, size=None, verbose_name='tên gọi khác')),
                ('abbreviation', agencies.fields.Line(blank=True, max_length=40, verbose_name='chữ viết tắt trong số, ký hiệu')),
                ('valid_from', models.DateField(verbose_name='tồn tại từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết trước ngày')),
                ('requires_approval', models.BooleanField(default=False, verbose_name='báo cáo phải được lãnh đạo đơn vị duyệt')),
                ('protocol_order', models.PositiveSmallIntegerField(default=100, verbose_name='thứ tự')),
                ('folded', agencies.fields.Folded('name', 'short_name', 'code', 'aliases')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.agency', verbose_name='trực thuộc')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='agencies.agency')),
                ('council', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.council', verbose_name='hội đồng')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='agency',
            name='council',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='agencies', to='agencies.council', verbose_name='hội đồng'),
        ),
        migrations.CreateModel(
            name='CouncilEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='mã')),
                ('name', agencies.fields.Line(max_length=200, verbose_name='tên')),
                ('short_name', agencies.fields.Line(help_text='Ví dụ: thành phố Cần Thơ', max_length=80, verbose_name='tên ngắn')),
                ('place', agencies.fields.Line(help_text='Ghi trên văn bản, ví dụ: Cần Thơ', max_length=80, verbose_name='địa danh')),
                ('parent_body', agencies.fields.Line(help_text='Ví dụ: Ủy ban nhân dân thành phố Cần Thơ', max_length=200, verbose_name='cơ quan chủ quản')),
                ('chair_name', agencies.fields.Line(blank=True, max_length=120, verbose_name='Chủ tịch Hội đồng')),
                ('standing_vice_chair_name', agencies.fields.Line(blank=True, max_length=120, verbose_name='Phó Chủ tịch Thường trực')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='agencies.council')),
                ('standing_agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.agency', verbose_name='cơ quan thường trực')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CouncilGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='agencies.council')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CouncilUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='agencies.council')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('liaison', 'Cán bộ đầu mối'), ('approver', 'Lãnh đạo đơn vị'), ('viewer', 'Người xem của đơn vị'), ('secretary', 'Thư ký Hội đồng'), ('leader', 'Lãnh đạo Hội đồng'), ('administrator', 'Quản trị hệ thống')], max_length=20, verbose_name='vai trò')),
                ('joined_on', models.DateField(verbose_name='từ ngày')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to='agencies.agency', verbose_name='cơ quan')),
                ('council', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to='agencies.council', verbose_name='hội đồng')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='người')),
            ],
            options={
                'verbose_name': 'vai trò',
                'verbose_name_plural': 'vai trò',
                'ordering': ['joined_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('council__isnull', True), ('role__in', ('liaison', 'approver', 'viewer'))), models.Q(('agency__isnull', True), ('council__isnull', False), ('role__in', ('secretary', 'leader', 'administrator'))), _connector='OR'), name='membership_role_fits_its_scope'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='membership_dates_in_order'), models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('user', 'agency', 'council', 'role'), name='membership_once_while_it_lasts', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('liaison', 'Cán bộ đầu mối'), ('approver', 'Lãnh đạo đơn vị'), ('viewer', 'Người xem của đơn vị'), ('secretary', 'Thư ký Hội đồng'), ('leader', 'Lãnh đạo Hội đồng'), ('administrator', 'Quản trị hệ thống')], max_length=20, verbose_name='vai trò')),
                ('joined_on', models.DateField(verbose_name='từ ngày')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.agency', verbose_name='cơ quan')),
                ('council', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.council', verbose_name='hội đồng')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='agencies.membership')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecordEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='lúc')),
                ('actor_name', agencies.fields.Line(max_length=120, verbose_name='tên người thực hiện')),
                ('verb', models.CharField(max_length=60, verbose_name='mã việc')),
                ('summary', agencies.fields.Prose(verbose_name='việc đã làm')),
                ('object_type', models.CharField(max_length=60, verbose_name='loại')),
                ('object_id', models.BigIntegerField(null=True, verbose_name='số hiệu')),
                ('from_state', models.CharField(blank=True, max_length=30, verbose_name='từ trạng thái')),
                ('to_state', models.CharField(blank=True, max_length=30, verbose_name='sang trạng thái')),
                ('reason', agencies.fields.Prose(blank=True, verbose_name='lý do')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL, verbose_name='người thực hiện')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, to='agencies.agency', verbose_name='cơ quan')),
                ('council', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, to='agencies.council', verbose_name='hội đồng')),
            ],
            options={
                'verbose_name': 'dòng nhật ký',
                'verbose_name_plural': 'nhật ký',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['object_type', 'object_id'], name='record_by_object'), models.Index(fields=['council', '-at'], name='record_by_council'), models.Index(fields=['agency', '-at'], name='record_by_agency')],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merge', 'Hợp nhất, sáp nhập'), ('split', 'Chia, tách'), ('rename', 'Đổi tên'), ('transfer', 'Chuyển chức năng')], max_length=10, verbose_name='hình thức')),
                ('effective_on', models.DateField(verbose_name='từ ngày')),
                ('document_number', agencies.fields.Line(blank=True, max_length=120, verbose_name='văn bản')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='successions', to='agencies.agency', verbose_name='cơ quan cũ')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='origins', to='agencies.agency', verbose_name='cơ quan kế thừa')),
            ],
            options={
                'verbose_name': 'kế thừa',
                'verbose_name_plural': 'kế thừa',
                'ordering': ['effective_on'],
                'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor'), name='succession_once'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_between_two')],
            },
        ),
        migrations.CreateModel(
            name='SuccessionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('merge', 'Hợp nhất, sáp nhập'), ('split', 'Chia, tách'), ('rename', 'Đổi tên'), ('transfer', 'Chuyển chức năng')], max_length=10, verbose_name='hình thức')),
                ('effective_on', models.DateField(verbose_name='từ ngày')),
                ('document_number', agencies.fields.Line(blank=True, max_length=120, verbose_name='văn bản')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='agencies.succession')),
                ('predecessor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.agency', verbose_name='cơ quan cũ')),
                ('successor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.agency', verbose_name='cơ quan kế thừa')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', agencies.fields.Line(max_length=120, verbose_name='họ và tên')),
                ('position', agencies.fields.Line(blank=True, max_length=120, verbose_name='chức vụ')),
                ('phone', agencies.fields.Line(blank=True, max_length=30, verbose_name='điện thoại')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AgencyGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='agencies.agency')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='AgencyUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='agencies.agency')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(fields=('council', 'code'), name='agency_code_once_per_council'),
        ),
        migrations.AlterUniqueTogether(
            name='councilgrouppermission',
            unique_together={('group', 'permission', 'content_object')},
        ),
        migrations.AlterUniqueTogether(
            name='counciluserpermission',
            unique_together={('user', 'permission', 'content_object')},
        ),
    ]
